// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "cli/short_names.h"
#include "console/serve/listening_socket.h"
#include "mapferry/printable_text.h"

namespace mapferry::cli {

namespace {

constexpr int kBacklog = 64;

struct FreeAddresses {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> addresses_of(const std::string& address, std::uint16_t port) {
    addrinfo wanted{};
    wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int code = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &wanted, &found);
    if (code != 0 || found == nullptr)
        return fail(Code::kNotFound,
                    "there is no address " + in_quotes(address) + ": " + gai_strerror(code));
    return Addresses(found);
}

std::unexpected<Status> cannot_listen(const std::string& address, std::uint16_t port, int error) {
    const Code code = error == EADDRINUSE      ? Code::kCannotCreate
                      : error == EADDRNOTAVAIL ? Code::kNotFound
                      : error == EACCES        ? Code::kPermission
                                               : Code::kSystem;
    return std::unexpected(Status{
        .code = code,
        .message = "cannot listen at " + address + " port " + std::to_string(port),
        .hint = code == Code::kCannotCreate ? "another program has it: choose one with --port, "
                                              "or --port 0 for any that is free"
                                            : "",
        .os_error = error});
}

std::uint16_t port_of(int handle) {
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    if (getsockname(handle, reinterpret_cast<sockaddr*>(&own), &size) != 0) return 0;
    if (own.ss_family == AF_INET6) {
        sockaddr_in6 six{};
        std::memcpy(&six, &own, sizeof six);
        return ntohs(six.sin6_port);
    }
    sockaddr_in four{};
    std::memcpy(&four, &own, sizeof four);
    return ntohs(four.sin_port);
}

}  // namespace

Result<ListeningSocket> listen_at(const std::string& address, std::uint16_t port) {
    const auto list = addresses_of(address, port);
    if (!list) return std::unexpected(list.error());
    const addrinfo& first = **list;
    const int handle = socket(first.ai_family, first.ai_socktype | SOCK_CLOEXEC, first.ai_protocol);
    if (handle < 0) return cannot_listen(address, port, errno);
    // A server that ended a moment ago leaves connections behind, which must not hold the port.
    const int yes = 1;
    setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(handle, first.ai_addr, first.ai_addrlen) == 0 && listen(handle, kBacklog) == 0)
        return ListeningSocket{.handle = handle, .port = port_of(handle)};
    const int error = errno;
    close(handle);
    return cannot_listen(address, port, error);
}

Result<bool> is_loopback(const std::string& address) {
    const auto list = addresses_of(address, 0);
    if (!list) return std::unexpected(list.error());
    const addrinfo& first = **list;
    if (first.ai_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, first.ai_addr, sizeof four);
        return ntohl(four.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    sockaddr_in6 six{};
    std::memcpy(&six, first.ai_addr, sizeof six);
    return IN6_IS_ADDR_LOOPBACK(&six.sin6_addr) != 0;
}

}  // namespace mapferry::cli
