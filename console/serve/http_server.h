// SPDX-License-Identifier: Apache-2.0
// The server of the page: HTTP/1.1 over libmicrohttpd, with a thread for each connection, limits on
// connections, and access_of() before every answer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "console/serve/http_access.h"
#include "mapferry/status.h"

namespace mapferry::cli {

struct HttpRequest {
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;

    // The first argument of this name; empty: there is none.
    [[nodiscard]] std::string_view argument(std::string_view name) const;
    // As a number; `otherwise` for one that is missing or is none.
    [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t otherwise) const;
};

// An answer that never ends by itself. Used by the connection's thread.
class HttpStream {
  public:
    HttpStream() = default;
    HttpStream(const HttpStream&) = delete;
    HttpStream& operator=(const HttpStream&) = delete;
    virtual ~HttpStream() = default;
    // Waits for bytes, at most a second or so, and stores some. 0: the answer has ended.
    [[nodiscard]] virtual std::size_t read(std::span<char> target) = 0;
};

struct HttpAnswer {
    unsigned status = 200;
    std::string content_type = {};
    std::variant<std::string, std::string_view, std::unique_ptr<HttpStream>> body = {};
    std::string download_name = {};  // empty: the page shows it
};

// Called by the threads of several connections at once.
using HttpHandler = std::function<HttpAnswer(const HttpRequest&)>;

// A plain text with a status.
[[nodiscard]] HttpAnswer http_error(unsigned status, std::string text);
// Why a request could not be answered: 404, 400 for a wrong request, otherwise 500.
[[nodiscard]] HttpAnswer http_failure(const Status& status);

struct HttpPlace {
    std::string address = {};  // a name or a number; empty: 127.0.0.1
    std::uint16_t port = 0;    // 0: any that is free
};

class HttpServer {
  public:
    // Listens, and answers from now on. kCannotCreate: another program has the port; kNotFound:
    // this machine has no such address; kPermission; kSystem.
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(const HttpPlace& place,
                                                                   AccessRules rules,
                                                                   HttpHandler handler);
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    // Ends all connections. Streams must end by themselves: their read() has to return.
    ~HttpServer();

    [[nodiscard]] std::uint16_t port() const;

  private:
    struct Impl;
    explicit HttpServer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mapferry::cli
