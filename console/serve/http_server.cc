// SPDX-License-Identifier: Apache-2.0
#include "console/serve/http_server.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <new>
#include <optional>

#include <fmt/format.h>
#include <microhttpd.h>

#include "cli/short_names.h"
#include "console/serve/listening_socket.h"
#include "console/serve/peer_user.h"
#include "mapferry/detail/number_text.h"

namespace mapferry::cli {

namespace {

constexpr unsigned kConnectionsMax = 64;
// A connection that neither reads nor writes for so long is ended.
constexpr unsigned kIdleSeconds = 15;
constexpr std::size_t kConnectionBytes = std::size_t{256} << 10;
constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

// What every answer says: the page takes nothing from elsewhere, and nobody else may use it.
constexpr std::array<std::pair<const char*, const char*>, 8> kHeaders = {{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
     "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
    {"Cache-Control", "no-store"},
}};

using Response = std::unique_ptr<MHD_Response, decltype(&MHD_destroy_response)>;

ssize_t read_stream(void* stream, std::uint64_t, char* target, std::size_t size) {
    try {
        const std::size_t count = static_cast<HttpStream*>(stream)->read({target, size});
        return count == 0 ? MHD_CONTENT_READER_END_OF_STREAM : static_cast<ssize_t>(count);
    } catch (const std::exception&) {
        // libmicrohttpd is C: nothing is thrown across it. The connection ends.
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
}

void free_stream(void* stream) {
    delete static_cast<HttpStream*>(stream);  // NOLINT(cppcoreguidelines-owning-memory)
}

// MHD_RESPMEM_PERSISTENT only reads the bytes.
MHD_Response* of_bytes(std::string_view bytes, MHD_ResponseMemoryMode mode) {
    return MHD_create_response_from_buffer(bytes.size(), const_cast<char*>(bytes.data()), mode);
}

Response response_of(HttpAnswer& answer) {
    MHD_Response* made = nullptr;
    if (auto* const stream = std::get_if<std::unique_ptr<HttpStream>>(&answer.body))
        made = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, kBlockBytes, read_stream,
                                                 stream->release(), free_stream);
    else if (const auto* const constant = std::get_if<std::string_view>(&answer.body))
        made = of_bytes(*constant, MHD_RESPMEM_PERSISTENT);
    else
        made = of_bytes(std::get<std::string>(answer.body), MHD_RESPMEM_MUST_COPY);
    return {made, MHD_destroy_response};
}

MHD_Result keep_pair(void* pairs, MHD_ValueKind, const char* key, const char* value) {
    static_cast<std::vector<std::pair<std::string, std::string>>*>(pairs)->emplace_back(
        key, value == nullptr ? "" : value);
    return MHD_YES;
}

std::vector<std::pair<std::string, std::string>> pairs_of(MHD_Connection* connection,
                                                          MHD_ValueKind kind) {
    std::vector<std::pair<std::string, std::string>> pairs;
    MHD_get_connection_values(connection, kind, keep_pair, &pairs);
    return pairs;
}

// Asks the kernel once for each connection, while the other end is certainly there.
void note_user(void*, MHD_Connection* connection, void** user,
               MHD_ConnectionNotificationCode what) {
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        delete static_cast<PeerUser*>(*user);  // NOLINT(cppcoreguidelines-owning-memory)
        return;
    }
    const MHD_ConnectionInfo* const info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const PeerUser found = info == nullptr ? PeerUser::kUnknown : user_of_peer(info->connect_fd);
    *user = new (std::nothrow) PeerUser(found);  // NOLINT(cppcoreguidelines-owning-memory)
}

bool equal_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

std::string_view HttpRequest::argument(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return {};
}

std::int64_t HttpRequest::number(std::string_view name, std::int64_t otherwise) const {
    return whole_number<std::int64_t>(argument(name)).value_or(otherwise);
}

HttpAnswer http_failure(const Status& status) {
    const unsigned code = status.code == Code::kNotFound ? 404
                          : status.code == Code::kUsage  ? 400
                                                         : 500;
    return http_error(code, describe(status));
}

HttpAnswer http_error(unsigned status, std::string text) {
    return {.status = status,
            .content_type = "text/plain; charset=utf-8",
            .body = std::move(text) + "\n"};
}

struct HttpServer::Impl {
    AccessRules rules;
    HttpHandler handler;
    std::uint16_t port = 0;
    MHD_Daemon* daemon = nullptr;

    static MHD_Result answer(void* self, MHD_Connection* connection, const char* url,
                             const char* method, const char*, const char*, std::size_t* upload,
                             void** state);
    [[nodiscard]] HttpAnswer answer_to(MHD_Connection* connection, const char* url,
                                       const char* method, bool& sets_cookie) const;
    [[nodiscard]] std::optional<HttpAnswer> refusal(MHD_Connection* connection) const;
};

namespace {

std::optional<HttpAnswer> refusal_of(Access access) {
    switch (access) {
        case Access::kGranted:
        case Access::kGrantedByQuery:
            return std::nullopt;
        case Access::kWrongMethod:
            return http_error(405, "this page only shows: GET and HEAD alone are answered");
        case Access::kWrongHost:
            return http_error(421,
                              "this is not the host that the request names. Start serve with "
                              "--host-name NAME if it is one of this machine's names");
        case Access::kWrongOrigin:
            return http_error(403, "a page of another origin may not read this");
        case Access::kNoToken:
            return http_error(403, "open the address with the token that mapferry serve printed");
    }
    return std::nullopt;
}

Access access_of_headers(const AccessRules& rules, const HttpRequest& request, const char* method,
                         const std::vector<std::pair<std::string, std::string>>& headers) {
    AccessRequest asked{.method = method, .path = request.path};
    asked.token = request.argument("token");
    for (const auto& [name, value] : headers) {
        if (equal_name(name, "Host")) asked.hosts.emplace_back(value);
        if (equal_name(name, "Origin")) asked.origin = value;
        if (equal_name(name, "Sec-Fetch-Site")) asked.fetch_site = value;
        if (equal_name(name, "Sec-Fetch-Mode")) asked.fetch_mode = value;
        if (equal_name(name, "Cookie")) asked.cookie = value;
    }
    return access_of(rules, asked);
}

}  // namespace

// Without a token the kernel has to say that the other end is of this user: on a machine with
// several users all of them reach the loopback.
std::optional<HttpAnswer> HttpServer::Impl::refusal(MHD_Connection* connection) const {
    if (!rules.token.empty()) return std::nullopt;
    const MHD_ConnectionInfo* const known =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    const PeerUser user = known == nullptr || known->socket_context == nullptr
                              ? PeerUser::kUnknown
                              : *static_cast<const PeerUser*>(known->socket_context);
    switch (user) {
        case PeerUser::kThisUser:
            return std::nullopt;
        case PeerUser::kOtherUser:
            return http_error(403, "these sections belong to another user of this machine");
        case PeerUser::kUnknown:
            break;
    }
    return http_error(403, "the system does not say which user connects. Start serve with --token");
}

HttpAnswer HttpServer::Impl::answer_to(MHD_Connection* connection, const char* url,
                                       const char* method, bool& sets_cookie) const {
    const HttpRequest request{.path = url, .query = pairs_of(connection, MHD_GET_ARGUMENT_KIND)};
    const Access access =
        access_of_headers(rules, request, method, pairs_of(connection, MHD_HEADER_KIND));
    if (auto refused = refusal_of(access)) return std::move(*refused);
    if (auto refused = refusal(connection)) return std::move(*refused);
    sets_cookie = access == Access::kGrantedByQuery;
    return handler(request);
}

MHD_Result HttpServer::Impl::answer(void* self, MHD_Connection* connection, const char* url,
                                    const char* method, const char*, const char*,
                                    std::size_t* upload, void** state) {
    // The first call comes before a body, if there is one. A connection is only used again after an
    // answer to a later call.
    static char begun = 0;
    if (*state == nullptr) {
        *state = &begun;
        return MHD_YES;
    }
    // A body that nobody asked for is read and forgotten.
    if (*upload != 0) {
        *upload = 0;
        return MHD_YES;
    }
    const auto& server = *static_cast<const Impl*>(self);
    bool sets_cookie = false;
    HttpAnswer made;
    try {
        made = server.answer_to(connection, url, method, sets_cookie);
    } catch (const std::exception& what) {
        made = http_error(500, what.what());
    }
    const Response response = response_of(made);
    if (response == nullptr) return MHD_NO;
    for (const auto& [name, value] : kHeaders)
        MHD_add_response_header(response.get(), name, value);
    MHD_add_response_header(response.get(), "Content-Type", made.content_type.c_str());
    if (!made.download_name.empty())
        MHD_add_response_header(response.get(), "Content-Disposition",
                                fmt::format("attachment; filename={}", made.download_name).c_str());
    if (sets_cookie)
        MHD_add_response_header(response.get(), "Set-Cookie",
                                fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict",
                                            server.rules.cookie_name, server.rules.token)
                                    .c_str());
    if (made.status == 405) MHD_add_response_header(response.get(), "Allow", "GET, HEAD");
    return MHD_queue_response(connection, made.status, response.get());
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpPlace& place, AccessRules rules,
                                                      HttpHandler handler) {
    const std::string address = place.address.empty() ? "127.0.0.1" : place.address;
    const auto socket = listen_at(address, place.port);
    if (!socket) return std::unexpected(socket.error());
    auto impl = std::make_unique<Impl>();
    impl->rules = std::move(rules);
    impl->handler = std::move(handler);
    impl->port = socket->port;
    if (impl->rules.cookie_name.empty())
        impl->rules.cookie_name = fmt::format("mapferry_{}", socket->port);
    impl->daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
            MHD_USE_ITC,
        0, nullptr, nullptr, &Impl::answer, impl.get(), MHD_OPTION_LISTEN_SOCKET, socket->handle,
        MHD_OPTION_CONNECTION_LIMIT, kConnectionsMax, MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionBytes, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_CONNECTION, &note_user, nullptr, MHD_OPTION_END);
    if (impl->daemon == nullptr) return fail(Code::kSystem, "cannot start the server of the page");
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() {
    MHD_stop_daemon(impl_->daemon);  // closes the listening socket, too
}

std::uint16_t HttpServer::port() const {
    return impl_->port;
}

}  // namespace mapferry::cli
