// SPDX-License-Identifier: Apache-2.0
// A reader's news for the event loop of its program: an event that is set as long as the reader has
// something to take. When there is nothing, a thread sleeps at the section's bell in the reader's
// place and sets the event; the reader's own calls clear it (docs/decisions/0042-event-loops.md).
//
//     reader's calls            event     thread
//     ---------------------     -------   -------------------------------
//     something is left         set       waits for look_for()
//     look_for(news): nothing   cleared   sleeps at the bell, looks
//                               set       news: waits for look_for()
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/exception_boundary.h"
#include "base/try.h"
#include "platform/event.h"
#include "platform/fork_mark.h"
#include "platform/worker_thread.h"
#include "ring/bell.h"
#include "ring/patience.h"
#include "section/mapped_section.h"

namespace mapferry::inline v1 {

// `News` is a value that describes what a reader waits for:
//     const MappedSection& section() const;       // whose bell is rung for it
//     bool have_come() const;                     // looks by load_news()
//     bool have_come_silently(Peers& peers) const;  // for which nobody rings; asks the kernel
// Everything it refers to must outlive the watcher.
template <typename News>
class NewsWatcher {
  public:
    explicit NewsWatcher(NativeHandle event) : event_(event) {}
    ~NewsWatcher();
    NewsWatcher(const NewsWatcher&) = delete;
    NewsWatcher& operator=(const NewsWatcher&) = delete;

    [[nodiscard]] Result<void> start() {
        return thread_.start([this](platform::WorkerThread::Lock& lock) { run(lock); });
    }

    // Sets the event: the reader has something to take.
    void show_news() {
        const auto lock = thread_.lock();
        ++round_;
        set();
    }
    // Clears the event: the reader has nothing to take until `news` comes.
    void look_for(News news);

    [[nodiscard]] bool is_set() {
        const auto lock = thread_.lock();
        return is_set_;
    }

  private:
    void run(platform::WorkerThread::Lock& lock);
    [[nodiscard]] Result<bool> look(const News& news, std::int64_t most_ms) const;
    // REQUIRES: the lock.
    void set() {
        if (!is_set_) platform::set_event(event_);
        is_set_ = true;
        sought_.reset();
    }

    const NativeHandle event_;
    std::optional<News> sought_;   // what the thread is to look for; its lock guards all of these
    std::optional<News> watched_;  // what it looks for now, without the lock
    std::uint64_t round_ = 0;      // counts the reader's calls: a finding belongs to one
    bool is_set_ = false;
    platform::WorkerThread thread_;
};

template <typename News>
NewsWatcher<News>::~NewsWatcher() {
    // The lock keeps `watched_` alive while its bell is rung. Ringing needs memory on Windows;
    // without it the thread looks by itself within kProbeMs.
    thread_.end([this] {
        if (!watched_) return;
        (void)guarded([this]() -> Result<void> {
            SectionPeers peers(watched_->section());
            wake_without_news(watched_->section().view.readers_bell(), peers);
            return {};
        });
    });
}

template <typename News>
void NewsWatcher<News>::look_for(News news) {
    std::optional<News> sought(
        std::move(news));  // swapped below, so that the old one ends without the lock
    {
        const auto lock = thread_.lock();
        ++round_;
        sought_.swap(sought);
        if (is_set_) platform::clear_event(event_);
        is_set_ = false;
    }
    thread_.wake();
}

template <typename News>
void NewsWatcher<News>::run(platform::WorkerThread::Lock& lock) {
    std::int64_t silent_ms = 0;  // of the looks of this round
    std::uint64_t looked_in = 0;
    while (thread_.wait(lock, [this] { return sought_.has_value(); })) {
        // The thread looks without the lock, at a copy, so that no call of the reader waits for its
        // sleep.
        watched_ = sought_;
        const std::uint64_t round = round_;
        if (std::exchange(looked_in, round) != round) silent_ms = 0;
        lock.unlock();
        // A look that gets no memory fails; the next one may get it.
        const std::int64_t most_ms = probe_after_ms(silent_ms);
        const bool came = guarded([&] { return look(*watched_, most_ms); }).value_or(false);
        lock.lock();
        watched_.reset();
        silent_ms += most_ms;
        // A call of the reader during the look changed round_; what was found is then out of date.
        if (came && round == round_) set();
    }
}

// Sleeps as the reader would, at most `most_ms`. True when the reader has something to take.
template <typename News>
Result<bool> NewsWatcher<News>::look(const News& news, std::int64_t most_ms) const {
    SectionPeers peers(news.section());
    sleep_at(news.section().view.readers_bell(), peers, most_ms,
             [&] { return thread_.must_end() || news.have_come(); });
    if (thread_.must_end()) return false;
    return news.have_come() || news.have_come_silently(peers);
}

// The reader's part of it. Movable.
template <typename News>
class NewsWatch {
  public:
    // Begins with a cleared event and a thread that looks for nothing yet.
    [[nodiscard]] static Result<NewsWatch> start() {
        NewsWatch watch;
        TRY_ASSIGN(watch.event_, platform::make_event());
        watch.watcher_.reset(new NewsWatcher<News>(watch.handle()));
        TRY(watch.watcher_->start());
        return watch;
    }
    [[nodiscard]] NativeHandle handle() const { return platform::native_handle(event_); }
    [[nodiscard]] NewsWatcher<News>& operator*() const { return *watcher_; }

  private:
    NewsWatch() = default;
    platform::Handle event_;  // closed last, and in a child of fork() too
    std::unique_ptr<NewsWatcher<News>, platform::LeaveInChild> watcher_;
};

// Wraps a call of a reader: after it the event shows whether something is left to take. The reader
// has `watch`, a std::optional<NewsWatch>, and show_news(const Status* failure), which gets the
// failure of the call if it failed.
template <typename Method>
[[nodiscard]] auto showing(Method method) {
    return [method](auto& reader, auto&&... arguments) {
        auto result = std::invoke(method, reader, std::forward<decltype(arguments)>(arguments)...);
        if (reader.watch) reader.show_news(result ? nullptr : &result.error());
        return result;
    };
}

}  // namespace mapferry::inline v1
