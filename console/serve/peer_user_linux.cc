// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <optional>

#include <fmt/format.h>

#include "console/serve/peer_user.h"

namespace mapferry::cli {

namespace {

// The address and port as the kernel prints them in /proc/net/tcp: words of four bytes in the
// machine's order, in hexadecimal.
std::string kernel_text(const std::uint8_t* address, std::size_t bytes, std::uint16_t port) {
    std::string text;
    for (std::size_t i = 0; i < bytes; i += sizeof(std::uint32_t)) {
        std::uint32_t word = 0;
        std::memcpy(&word, address + i, sizeof word);
        text += fmt::format("{:08X}", word);
    }
    return text + fmt::format(":{:04X}", port);
}

// The user of the connection whose own end is `end`. Columns: number, own end, other end, state,
// queues, timer, retransmissions, user.
std::optional<uid_t> user_in(const char* table, const std::string& end) {
    std::ifstream lines(table);
    std::string line;
    std::getline(lines, line);  // the titles
    while (std::getline(lines, line)) {
        std::array<char, 80> own{};
        unsigned user = 0;
        const int found =
            std::sscanf(line.c_str(), " %*d: %79s %*s %*s %*s %*s %*s %u", own.data(), &user);
        if (found == 2 && end == own.data()) return user;
    }
    return std::nullopt;
}

std::optional<uid_t> connected_user(const sockaddr& peer) {
    if (peer.sa_family == AF_INET) {
        sockaddr_in four;
        std::memcpy(&four, &peer, sizeof four);
        const auto* const bytes = reinterpret_cast<const std::uint8_t*>(&four.sin_addr);
        const std::uint16_t port = ntohs(four.sin_port);
        if (const auto user = user_in("/proc/net/tcp", kernel_text(bytes, 4, port))) return user;
        // A socket of the sixth version may have connected to an address of the fourth.
        std::array<std::uint8_t, 16> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
        std::memcpy(mapped.data() + 12, bytes, 4);
        return user_in("/proc/net/tcp6", kernel_text(mapped.data(), mapped.size(), port));
    }
    if (peer.sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 six;
    std::memcpy(&six, &peer, sizeof six);
    return user_in("/proc/net/tcp6", kernel_text(six.sin6_addr.s6_addr, 16, ntohs(six.sin6_port)));
}

}  // namespace

PeerUser user_of_peer(const sockaddr& peer) {
    const auto user = connected_user(peer);
    if (!user) return PeerUser::kUnknown;
    return *user == 0 || *user == geteuid() ? PeerUser::kThisUser : PeerUser::kOtherUser;
}

std::string name_of_machine() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace mapferry::cli
