// SPDX-License-Identifier: Apache-2.0
#include "mapferry/output.h"

#include "base/exception_boundary.h"
#include "base/try.h"
#include "format/holes.h"
#include "platform/output_file.h"
#include "transfer/own_file.h"

namespace mapferry::inline v1 {

Output::Output() = default;
Output::Output(Output&&) noexcept = default;
Output& Output::operator=(Output&&) noexcept = default;
Output::~Output() = default;

Result<Output> Output::to_file(const std::string& path, Overwrite overwrite,
                               const std::optional<FileIdentity>& source) {
    return guarded([&]() -> Result<Output> {
        TRY_ASSIGN(auto file, platform::OutputFile::create(path, overwrite, source));
        Output output;
        output.is_file_ = true;
        output.file_ = std::move(file);
        return output;
    });
}

Result<Output> Output::to_standard_output(const std::optional<FileIdentity>& source,
                                          const std::atomic<int>* stop) {
    return guarded([&]() -> Result<Output> {
        TRY_ASSIGN(auto file, platform::OutputFile::standard_output(source, stop));
        Output output;
        output.file_ = std::move(file);
        return output;
    });
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

Result<void> Output::write(std::span<const std::byte> bytes) {
    return use_own(file_, "the output", [&]() -> Result<void> {
        if (!file_) return {};
        return file_->write(bytes);
    });
}

Result<void> Output::write_hole(std::uint64_t bytes) {
    return use_own(file_, "the output", [&]() -> Result<void> {
        if (!file_) return {};
        TRY_ASSIGN(const auto left, file_->leave_hole(bytes));
        return left ? Result<void>() : write_zeros(bytes);
    });
}

Result<void> Output::write_zeros(std::uint64_t bytes) {
    return guarded([&]() -> Result<void> {
        while (bytes != 0) {
            const auto zeros = zero_bytes(bytes);
            TRY(write(zeros));
            bytes -= zeros.size();
        }
        return {};
    });
}

Result<void> Output::commit(const FileAttributes& attributes, Durability durability) {
    return use_own(file_, "the output", [&]() -> Result<void> {
        if (!file_) return {};
        return file_->commit(attributes, durability);
    });
}

std::string Output::left_out() const {
    return file_ ? file_->left_out() : std::string();
}

std::string Output::loss() const {
    return file_ ? file_->loss() : std::string();
}

}  // namespace mapferry::inline v1
