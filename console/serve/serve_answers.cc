// SPDX-License-Identifier: Apache-2.0
#include "console/serve/serve_answers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "console/serve/kept_payloads.h"
#include "console/serve/page_files.h"
#include "json/section_json.h"
#include "mapferry/inspect.h"

namespace mapferry::cli {

namespace {

constexpr std::size_t kViewersMax = 16;
constexpr std::int64_t kPayloadShownBytes = std::int64_t{1} << 20;
constexpr std::int64_t kBufferShownBytes = std::int64_t{64} << 10;

std::string type_of(std::string_view name) {
    constexpr std::array kTypes = {
        std::pair<std::string_view, const char*>{".html", "text/html; charset=utf-8"},
        std::pair<std::string_view, const char*>{".js", "text/javascript; charset=utf-8"},
        std::pair<std::string_view, const char*>{".css", "text/css; charset=utf-8"},
        std::pair<std::string_view, const char*>{".svg", "image/svg+xml"},
    };
    for (const auto& [end, type] : kTypes)
        if (name.ends_with(end)) return type;
    return "application/octet-stream";
}

HttpAnswer page_file(std::string_view name) {
    const auto files = page_files();
    const auto found = std::ranges::find(files, name, &PageFile::name);
    if (found == files.end()) return http_error(404, "there is nothing at this address");
    return {.content_type = type_of(name), .body = found->bytes};
}

// The messages of a session, one behind the other.
class SessionStream : public HttpStream {
  public:
    SessionStream(ServeAnswers& answers, std::shared_ptr<ViewerSession> session)
        : answers_(&answers), session_(std::move(session)) {}
    SessionStream(const SessionStream&) = delete;
    SessionStream& operator=(const SessionStream&) = delete;
    ~SessionStream() override { answers_->forget(session_->id()); }

    std::size_t read(std::span<char> target) override {
        if (at_ == message_.size()) {
            message_ = session_->next_message();
            at_ = 0;
        }
        const std::size_t count = std::min(target.size(), message_.size() - at_);
        std::copy_n(message_.data() + at_, count, target.data());
        at_ += count;
        return count;
    }

  private:
    ServeAnswers* answers_;
    std::shared_ptr<ViewerSession> session_;
    std::string message_ = {};
    std::size_t at_ = 0;
};

}  // namespace

HttpAnswer ServeAnswers::new_stream() {
    auto id = random_token();
    if (!id) return http_failure(id.error());
    auto session = std::make_shared<ViewerSession>(*world_, *id);
    {
        const std::scoped_lock locked(lock_);
        if (sessions_.size() >= kViewersMax)
            return http_error(503, "16 pages are open already: close one");
        sessions_.emplace(*id, session);
    }
    return {.content_type = "application/octet-stream",
            .body = std::make_unique<SessionStream>(*this, std::move(session))};
}

void ServeAnswers::forget(const std::string& id) {
    std::shared_ptr<ViewerSession> session;
    const std::scoped_lock locked(lock_);
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) return;
    session = std::move(found->second);  // ends after the lock
    sessions_.erase(found);
    forgotten_.notify_all();
}

void ServeAnswers::wait_for_streams(std::chrono::milliseconds most) {
    std::unique_lock locked(lock_);
    forgotten_.wait_for(locked, most, [this] { return sessions_.empty(); });
}

HttpAnswer ServeAnswers::of_session(const HttpRequest& request) {
    std::shared_ptr<ViewerSession> session;
    {
        const std::scoped_lock locked(lock_);
        const auto found = sessions_.find(request.argument("session"));
        if (found == sessions_.end()) return http_error(410, "this page's stream has ended");
        session = found->second;
    }
    if (request.path == "/api/order") return session->take_order(request);
    return request.path == "/api/values" ? session->values(request) : session->saved_file(request);
}

HttpAnswer ServeAnswers::of_section(const HttpRequest& request) {
    const auto address = world_->sections.address_of(request.argument("section"));
    if (!address) return http_error(404, "the page does not show such a section");
    if (request.path == "/api/section") {
        const auto report = inspect_section(*address);
        if (!report) return http_failure(report.error());
        return {.content_type = "application/json", .body = json::report_json(*report).dump()};
    }
    const bool is_buffer = request.path == "/api/buffer";
    const std::int64_t most = is_buffer ? kBufferShownBytes : kPayloadShownBytes;
    const auto count = static_cast<std::uint64_t>(
        std::clamp(request.number("count", most), std::int64_t{0}, most));
    const auto number = [&](const char* name) {
        return static_cast<std::uint64_t>(std::max(request.number(name, 0), std::int64_t{0}));
    };
    const ByteRange range{.offset_bytes = number("offset"), .bytes_max = count};
    auto bytes = is_buffer ? buffer_bytes(*address, range)
                           : kept_bytes(*address, number("index"), range, world_->stopping);
    if (!bytes) return http_failure(bytes.error());
    return {.content_type = "application/octet-stream", .body = std::move(*bytes)};
}

HttpAnswer ServeAnswers::answer(const HttpRequest& request) {
    const std::string_view path = request.path;
    if (path == "/") return page_file("index.html");
    if (path.starts_with("/page/")) return page_file(path.substr(6));
    if (path == "/api/stream") return new_stream();
    if (path == "/api/order" || path == "/api/values" || path == "/api/save")
        return of_session(request);
    if (path == "/api/section" || path == "/api/payload" || path == "/api/buffer")
        return of_section(request);
    return http_error(404, "there is nothing at this address");
}

}  // namespace mapferry::cli
