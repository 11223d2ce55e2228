// SPDX-License-Identifier: Apache-2.0
#include "console/serve/viewer_session.h"

#include <algorithm>
#include <utility>

#include "console/serve/frame_json.h"
#include "console/serve/page_message.h"
#include "json/json_value.h"
#include "mapferry/version.h"

namespace mapferry::cli {

namespace {

// A page that hears nothing for longer knows that the server has gone; and the server notices a
// page that has gone when it speaks.
constexpr std::chrono::seconds kTableInterval{1};

const char* state_word(StreamState state) {
    switch (state) {
        case StreamState::kWaiting:
            return "waiting";
        case StreamState::kLive:
            return "live";
        case StreamState::kEnded:
            return "ended";
        case StreamState::kGone:
            return "gone";
        case StreamState::kFailed:
            return "failed";
    }
    return "";
}

std::string failure_message(std::size_t pane, std::uint64_t turn, const Status& status) {
    json::Value object = {{"kind", "state"},
                          {"pane", pane},
                          {"turn", turn},
                          {"state", "failed"},
                          {"text", describe(status)}};
    if (!status.hint.empty()) object["hint"] = status.hint;
    return page_message(object);
}

}  // namespace

ViewerSession::ViewerSession(ViewerWorld& world, std::string id)
    : world_(&world), id_(std::move(id)) {}

std::string ViewerSession::hello() const {
    return page_message({{"kind", "hello"},
                         {"session", id_},
                         {"version", kVersion},
                         {"panes", kPanesMax},
                         {"rate", kFrameRate}});
}

std::string ViewerSession::next_message() {
    while (world_->stopping.load(std::memory_order_acquire) == 0) {  // see ServeRun::stop
        const std::uint64_t news = world_->news.count();
        const Clock::time_point now = Clock::now();
        Clock::time_point wake = now + kTableInterval;
        bool wants_table = false;
        std::optional<Work> work;
        {
            const std::scoped_lock locked(lock_);
            if (!std::exchange(said_hello_, true)) return hello();
            work = find_work(now, wake);
            if (!work && now >= table_next_) {
                table_next_ = now + kTableInterval;
                wants_table = true;
            }
            wake = std::min(wake, table_next_);
        }
        if (work) {
            std::string message = message_of(*work);
            if (!message.empty()) return message;
            continue;
        }
        if (wants_table && wants_table_)
            return page_message({{"kind", "sections"}}, world_->sections.table_json());
        if (wants_table) return page_message({{"kind", "here"}});
        world_->news.wait(news, wake);
    }
    return {};
}

std::optional<ViewerSession::Work> ViewerSession::find_work(Clock::time_point now,
                                                            Clock::time_point& wake) {
    for (std::size_t i = 0; i < panes_.size(); ++i) {
        const std::size_t index = (turn_of_pane_ + i) % panes_.size();
        ViewerPane& pane = panes_[index];
        Work work{.pane = index, .turn = pane.turn(), .settings = pane.settings()};
        work.report = pane.report_to_send();
        if (work.report) return work;
        work.frame = pane.frame_to_send(now, wake);
        if (work.frame != nullptr) {
            pane.sending(work.frame, ++last_message_, now);
            work.header = frame_header(pane, index, *work.frame);
            work.is_paused = pane.is_paused();
            turn_of_pane_ = index + 1;  // the other pane is next
            return work;
        }
        work.statistics = pane.statistics_to_send(now);
        if (work.statistics != nullptr) return work;
    }
    return std::nullopt;
}

json::Value ViewerSession::frame_header(const ViewerPane& pane, std::size_t index,
                                        const SeenFrame& frame) const {
    json::Value object = frame_json(frame);
    object["kind"] = "frame";
    object["pane"] = index;
    object["turn"] = pane.turn();
    object["message"] = last_message_;
    object["paused"] = pane.is_paused();
    object["held"] = pane.held_count();
    object["position"] = pane.position();
    object["skipped"] = pane.skipped();
    object["lost"] = pane.lost();
    return object;
}

std::string ViewerSession::message_of(Work& work) {
    if (work.report) {
        json::Value object = {{"kind", "state"},
                              {"pane", work.pane},
                              {"turn", work.turn},
                              {"state", state_word(work.report->state)}};
        if (!work.report->text.empty()) object["text"] = work.report->text;
        return page_message(object);
    }
    return work.frame != nullptr ? frame_message(work) : statistics_message(work);
}

std::string ViewerSession::frame_message(Work& work) {
    const Sandbox sandbox = world_->command.sandbox;
    const auto encoded = work.frame->encoded(work.settings, sandbox, world_->stopping);
    if (!encoded) {
        // The page draws nothing then, so it can't say that it has.
        const std::scoped_lock locked(lock_);
        panes_[work.pane].drawn(last_message_);
        return failure_message(work.pane, work.turn, encoded.error());
    }
    // Each of many frames that are stepped through would keep its own.
    if (work.is_paused) work.frame->drop_encoded();
    // A picture that went as it came need not be decoded to be described.
    const auto& image = work.frame->image();
    if (image && image->row_stride_bytes == 0) {
        work.header["width"] = image->width;
        work.header["height"] = image->height;
        work.header["format"] = pixel_format_name(image->fourcc);
    } else if (const auto plain =
                   work.frame->picture(work.settings.layer, sandbox, world_->stopping)) {
        add_picture(work.header, **plain);
    }
    work.header["content_type_of_picture"] = (*encoded)->content_type;
    if ((*encoded)->levels) {
        work.header["black"] = (*encoded)->levels->black;
        work.header["white"] = (*encoded)->levels->white;
    }
    return page_message(work.header, (*encoded)->bytes);
}

std::string ViewerSession::statistics_message(const Work& work) {
    const auto statistics =
        work.statistics->statistics(work.settings.layer, world_->command.sandbox, world_->stopping);
    if (!statistics) return {};
    json::Value object = statistics_json(**statistics);
    object["kind"] = "statistics";
    object["pane"] = work.pane;
    object["turn"] = work.turn;
    object["id"] = work.statistics->facts().id;
    return page_message(object);
}

}  // namespace mapferry::cli
