// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

#include <fmt/format.h>

#include "console/serve/peer_user.h"

namespace mapferry::cli {

namespace {

using AddressBytes = std::array<std::uint8_t, 16>;

// One end of a connection: an address of the sixth version, or one of the fourth in its last four
// bytes.
struct End {
    AddressBytes address{};
    bool is_fourth = false;
    std::uint16_t port = 0;
};

// One of getpeername() and getsockname().
std::optional<End> end_of(int socket, int (*name)(int, sockaddr*, socklen_t*)) {
    sockaddr_storage found{};
    socklen_t size = sizeof found;
    if (name(socket, reinterpret_cast<sockaddr*>(&found), &size) != 0) return std::nullopt;
    End end;
    if (found.ss_family == AF_INET6) {
        sockaddr_in6 six{};
        std::memcpy(&six, &found, sizeof six);
        std::memcpy(end.address.data(), &six.sin6_addr, end.address.size());
        end.port = ntohs(six.sin6_port);
        return end;
    }
    if (found.ss_family != AF_INET) return std::nullopt;
    sockaddr_in four{};
    std::memcpy(&four, &found, sizeof four);
    end.address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    std::memcpy(end.address.data() + 12, &four.sin_addr, sizeof four.sin_addr);
    end.is_fourth = true;
    end.port = ntohs(four.sin_port);
    return end;
}

// The address from byte `begin` on, and the port, as the kernel prints them: words of four bytes in
// the machine's order, in hexadecimal.
std::string kernel_text(const End& end, std::size_t begin) {
    std::string text;
    for (std::size_t at = begin; at < end.address.size(); at += sizeof(std::uint32_t)) {
        std::uint32_t word = 0;
        std::memcpy(&word, end.address.data() + at, sizeof word);
        text += fmt::format("{:08X}", word);
    }
    return text + fmt::format(":{:04X}", end.port);
}

// The user of the open connection from `from` to `to`. Columns: number, own end, other end, state,
// queues, timer, retransmissions, user. Connections that are closing belong to nobody there, so
// both ends and the state have to be right.
std::optional<uid_t> user_in(const char* table, const std::string& from, const std::string& to) {
    constexpr std::string_view kOpen = "01";
    std::ifstream lines(table);
    std::string line;
    std::getline(lines, line);  // the titles
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::array<std::string, 7> columns;
        for (std::string& column : columns)
            words >> column;
        const bool is_it = columns[1] == from && columns[2] == to && columns[3] == kOpen;
        uid_t user = 0;
        if (is_it && words >> user) return user;
    }
    return std::nullopt;
}

std::optional<uid_t> connected_user(int socket) {
    const auto from = end_of(socket, getpeername);
    const auto to = end_of(socket, getsockname);
    if (!from || !to) return std::nullopt;
    constexpr std::size_t kFourth = 12;
    if (from->is_fourth)
        if (const auto user =
                user_in("/proc/net/tcp", kernel_text(*from, kFourth), kernel_text(*to, kFourth)))
            return user;
    // A socket of the sixth version may have connected to an address of the fourth.
    return user_in("/proc/net/tcp6", kernel_text(*from, 0), kernel_text(*to, 0));
}

}  // namespace

PeerUser user_of_peer(int socket) {
    const auto user = connected_user(socket);
    if (!user) return PeerUser::kUnknown;
    return *user == 0 || *user == geteuid() ? PeerUser::kThisUser : PeerUser::kOtherUser;
}

std::string name_of_machine() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace mapferry::cli
