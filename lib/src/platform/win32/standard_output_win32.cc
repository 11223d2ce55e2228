// SPDX-License-Identifier: Apache-2.0
// Standard output as a target. While a pipe is full, this process must still notice that it has to
// stop. On Windows every write to an anonymous pipe waits. So pipes are written by a thread of
// their own, and the stop flag is looked at while that thread waits.
#include <windows.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "base/fail.h"
#include "base/stop_flag.h"
#include "base/try.h"
#include "platform/native_error.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/written_file_win32.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr std::chrono::milliseconds kLook{100};
constexpr std::size_t kWriteMax = std::size_t{1} << 20;

Status write_error(DWORD error) {
    Status status = native_status("cannot write standard output", static_cast<int>(error));
    status.code = Code::kIo;
    return status;
}

HANDLE standard_output_handle() {
    return ::GetStdHandle(STD_OUTPUT_HANDLE);
}

// Returns ERROR_SUCCESS when all bytes are written.
DWORD write_all(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto wanted = static_cast<DWORD>(std::min(bytes.size(), kWriteMax));
        DWORD put = 0;
        if (::WriteFile(standard_output_handle(), bytes.data(), wanted, &put, nullptr) == 0)
            return ::GetLastError();
        bytes = bytes.subspan(put);
    }
    return ERROR_SUCCESS;
}

// A file, a device or a console: a write does not wait for another process.
class PlainOutput final : public OutputFile {
  public:
    Result<void> write(std::span<const std::byte> bytes) override {
        if (is_used_section(standard_output_handle())) return section_in_use("standard output");
        if (const DWORD error = write_all(bytes); error != ERROR_SUCCESS)
            return std::unexpected(write_error(error));
        return {};
    }
    Result<void> commit(const FileAttributes&, Durability durability) override {
        if (durability != Durability::kBuffered)
            return fail(Code::kUsage, "standard output can't be made durable");
        // A second handle: the process keeps its own one for the next payload.
        Handle second = duplicate(standard_output_handle());
        if (!second.valid()) return std::unexpected(write_error(::GetLastError()));
        return second.close_checked("cannot store all of standard output");
    }
};

// Shared by the writing thread and its owner. The thread keeps it alive when the owner goes first.
struct PipeWork {
    std::mutex mutex;
    std::condition_variable changed;
    // The mutex guards these, except the piece while `busy`.
    std::vector<std::byte> piece;
    bool busy = false;  // there is a piece to write
    bool stop = false;
    DWORD error = ERROR_SUCCESS;

    void run();
};

void PipeWork::run() {
    std::unique_lock lock(mutex);
    while (true) {
        changed.wait(lock, [this] { return busy || stop; });
        if (stop) return;
        lock.unlock();
        const DWORD result = write_all(piece);
        lock.lock();
        error = result;
        busy = false;
        changed.notify_all();
    }
}

DWORD WINAPI run_thread(void* argument) {
    const std::unique_ptr<std::shared_ptr<PipeWork>> work(
        static_cast<std::shared_ptr<PipeWork>*>(argument));
    (*work)->run();
    return 0;
}

class PipeOutput final : public OutputFile {
  public:
    Result<void> start() {
        auto argument = std::make_unique<std::shared_ptr<PipeWork>>(work_);
        thread_ = own(::CreateThread(nullptr, 0, run_thread, argument.get(), 0, nullptr));
        if (!thread_.valid()) return std::unexpected(native_status("cannot start a thread"));
        (void)argument.release();  // the thread's now
        return {};
    }

    ~PipeOutput() override {
        const std::lock_guard lock(work_->mutex);
        work_->stop = true;
        // A piece that no reader takes must not keep the thread. If the cancellation fails, the
        // thread ends with the process.
        if (work_->busy) ::CancelSynchronousIo(raw(thread_));
        work_->changed.notify_all();
    }
    explicit PipeOutput(const std::atomic<int>* stop) : stop_(stop) {}
    PipeOutput(const PipeOutput&) = delete;
    PipeOutput& operator=(const PipeOutput&) = delete;

    Result<void> write(std::span<const std::byte> bytes) override {
        while (!bytes.empty()) {
            const auto piece = bytes.first(std::min(bytes.size(), kWriteMax));
            TRY(write_piece(piece));
            bytes = bytes.subspan(piece.size());
        }
        return {};
    }

    Result<void> commit(const FileAttributes&, Durability durability) override {
        if (durability == Durability::kBuffered) return {};
        return fail(Code::kUsage, "standard output can't be made durable");
    }

  private:
    Result<void> write_piece(std::span<const std::byte> piece) {
        std::unique_lock lock(work_->mutex);
        work_->piece.assign(piece.begin(), piece.end());
        work_->busy = true;
        work_->changed.notify_all();
        while (!work_->changed.wait_for(lock, kLook, [this] { return !work_->busy; }))
            TRY(check_stop(stop_));
        if (work_->error != ERROR_SUCCESS) return std::unexpected(write_error(work_->error));
        return {};
    }

    std::shared_ptr<PipeWork> work_ = std::make_shared<PipeWork>();
    Handle thread_;
    const std::atomic<int>* stop_;
};

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::standard_output(
    const std::optional<FileIdentity>& source, const std::atomic<int>* stop) {
    const HANDLE output = standard_output_handle();
    if (output == nullptr || output == INVALID_HANDLE_VALUE)
        return std::unexpected(write_error(ERROR_INVALID_HANDLE));
    const DWORD type = ::GetFileType(output);
    BY_HANDLE_FILE_INFORMATION facts{};
    if (type == FILE_TYPE_DISK && source && ::GetFileInformationByHandle(output, &facts) != 0) {
        const std::uint64_t index =
            static_cast<std::uint64_t>(facts.nFileIndexHigh) << 32 | facts.nFileIndexLow;
        if (*source == FileIdentity{.device = facts.dwVolumeSerialNumber, .file = {index, 0}})
            return fail(Code::kCannotCreate, "standard output is the very file that is being sent");
    }
    if (type != FILE_TYPE_PIPE) return std::make_unique<PlainOutput>();
    auto pipe = std::make_unique<PipeOutput>(stop);
    TRY(pipe->start());
    return pipe;
}

}  // namespace mapferry::inline v1::platform
