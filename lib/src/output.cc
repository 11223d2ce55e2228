#include "mapferry/output.h"

#include "platform/platform.h"

namespace mapferry {

Output::Output() = default;
Output::Output(Output&&) noexcept = default;
Output& Output::operator=(Output&&) noexcept = default;
Output::~Output() = default;

Result<Output> Output::to_file(const std::string& path, Overwrite overwrite,
                               const std::optional<FileIdentity>& source) {
    auto file = platform::OutputFile::create(path, overwrite, source);
    if (!file) return pass(file.error());
    Output output;
    output.file_ = std::move(*file);
    return output;
}

Result<Output> Output::to_standard_output(const std::optional<FileIdentity>& source) {
    auto file = platform::OutputFile::standard_output(source);
    if (!file) return pass(file.error());
    Output output;
    output.file_ = std::move(*file);
    return output;
}

Output Output::to_nowhere() {
    return {};
}

bool Output::keeps_bytes() const {
    return file_ != nullptr;
}

Result<void> Output::write(std::span<const std::byte> bytes,
                           const std::function<Result<void>()>& beat) {
    if (!file_) return {};
    return file_->write(bytes, beat);
}

Result<void> Output::commit(const FileAttributes& attributes) {
    if (!file_) return {};
    return file_->commit(attributes);
}

std::string Output::loss() const {
    return file_ ? file_->loss() : std::string();
}

bool is_folder(const std::string& path) {
    return platform::is_folder(path);
}

}  // namespace mapferry
