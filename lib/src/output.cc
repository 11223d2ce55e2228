#include "mapferry/output.h"

#include <chrono>
#include <exception>
#include <future>

#include "platform/platform.h"
#include "surface.h"

namespace mapferry {

namespace {

constexpr std::chrono::milliseconds kBeat{100};

// From this size on a file is already on its way to the disk when it is committed, and the last
// piece of that is waited for.
constexpr std::uint64_t kSlowCommitBytes = std::uint64_t{32} << 20;

// Commits a file to a disk that may take minutes, while the other side goes on seeing life.
Result<void> commit_with_beats(platform::OutputFile& file, const FileAttributes& attributes,
                               Durability durability, const std::function<Result<void>()>& beat) {
    std::future<Result<void>> commit;
    try {
        commit =
            std::async(std::launch::async, [&] { return file.commit(attributes, durability); });
    } catch (const std::exception&) {  // no thread is to be had
        return file.commit(attributes, durability);
    }
    bool beating = true;
    while (commit.wait_for(kBeat) != std::future_status::ready)
        beating = beating && beat().has_value();
    return commit.get();
}

}  // namespace

Output::Output() = default;
Output::Output(Output&&) noexcept = default;
Output& Output::operator=(Output&&) noexcept = default;
Output::~Output() = default;

Result<Output> Output::to_file(const std::string& path, Overwrite overwrite,
                               const std::optional<FileIdentity>& source) try {
    auto file = platform::OutputFile::create(path, overwrite, source);
    if (!file) return pass(file.error());
    Output output;
    output.is_file_ = true;
    output.file_ = std::move(*file);
    return output;
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<Output> Output::to_standard_output(const std::optional<FileIdentity>& source) try {
    auto file = platform::OutputFile::standard_output(source);
    if (!file) return pass(file.error());
    Output output;
    output.file_ = std::move(*file);
    return output;
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Output Output::to_nowhere() {
    return {};
}

bool Output::keeps_bytes() const {
    return file_ != nullptr;
}

bool Output::is_file() const {
    return is_file_;
}

Result<void> Output::write(std::span<const std::byte> bytes,
                           const std::function<Result<void>()>& beat) try {
    if (!file_) return {};
    written_bytes_ += bytes.size();
    return file_->write(bytes, beat);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

Result<void> Output::commit(const FileAttributes& attributes, Durability durability,
                            const std::function<Result<void>()>& beat) try {
    if (!file_) return {};
    const bool is_slow = durability == Durability::kOnDisk || written_bytes_ >= kSlowCommitBytes;
    if (is_slow && beat) return commit_with_beats(*file_, attributes, durability, beat);
    return file_->commit(attributes, durability);
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

std::string Output::loss() const {
    return file_ ? file_->loss() : std::string();
}

bool is_folder(const std::string& path) {
    return platform::is_folder(path);
}

}  // namespace mapferry
