// SPDX-License-Identifier: Apache-2.0
#include "capi/c_description.h"
#include "capi/c_frame_writer_object.h"

using namespace mapferry;
using namespace mapferry::capi;

void* mapferry_loan_data(mapferry_loan* loan) noexcept {
    return loan != nullptr && !loan->loan->bytes().empty() ? loan->loan->bytes().data() : nullptr;
}

int32_t mapferry_loan_memory(const mapferry_loan* loan, mapferry_memory** memory) noexcept {
    return run_on_into(loan, memory, [&](const mapferry_loan& one) -> Result<void> {
        hand_out(memory, one.loan->memory());
        return {};
    });
}

void mapferry_memory_free(mapferry_memory* memory) noexcept {
    delete memory;
}

size_t mapferry_loan_size(const mapferry_loan* loan) noexcept {
    return loan != nullptr ? loan->loan->bytes().size() : 0;
}

int32_t mapferry_loan_set_image(mapferry_loan* loan, uint32_t width, uint32_t height,
                                const char* format, const char* options) noexcept {
    return run_on(loan, [&](mapferry_loan& one) -> Result<void> {
        const auto image = describe_any_image({width, height, format, options});
        if (!image) return std::unexpected(image.error());
        one.loan->set_image(*image);
        return {};
    });
}

int32_t mapferry_loan_set_tensor(mapferry_loan* loan, const char* type, const int64_t* shape,
                                 int32_t dimensions) noexcept {
    return run_on(loan, [&](mapferry_loan& one) -> Result<void> {
        const auto tensor = describe_any_tensor(type, shape, dimensions);
        if (!tensor) return std::unexpected(tensor.error());
        one.loan->set_tensor(*tensor);
        return {};
    });
}

int32_t mapferry_loan_set_captured(mapferry_loan* loan, int64_t ns, int32_t clock) noexcept {
    return run_on(loan, [&](mapferry_loan& one) -> Result<void> {
        const auto time = capture_time(ns, clock);
        if (!time) return std::unexpected(time.error());
        one.loan->set_captured(*time);
        return {};
    });
}

int32_t mapferry_loan_set_source_number(mapferry_loan* loan, uint64_t number) noexcept {
    return run_on(loan, [&](mapferry_loan& one) -> Result<void> {
        one.loan->set_source_number(number);
        return {};
    });
}

int32_t mapferry_loan_set_metadata(mapferry_loan* loan, const char* content_type, const void* data,
                                   size_t size) noexcept {
    return run_on(loan, [&](mapferry_loan& one) -> Result<void> {
        const auto metadata = metadata_of(content_type, data, size);
        if (!metadata) return std::unexpected(metadata.error());
        return one.loan->set_metadata(*metadata);
    });
}

int32_t mapferry_loan_add_metadata(mapferry_loan* loan, const char* content_type, size_t size,
                                   void** data) noexcept {
    return run_on_into(loan, data, [&](mapferry_loan& one) -> Result<void> {
        const auto place =
            one.loan->add_metadata(content_type != nullptr ? content_type : "", size);
        if (!place) return std::unexpected(place.error());
        *data = place->empty() ? nullptr : place->data();
        return {};
    });
}

int32_t mapferry_loan_publish(mapferry_loan* loan, uint64_t* sequence) noexcept {
    if (sequence != nullptr) *sequence = 0;
    return run_on(loan, [&](mapferry_loan& one) -> Result<void> {
        if (!one.state->writer)
            return fail(Code::kUsage, "the writer of this loan is closed", "drop the loan");
        const auto number = one.state->writer->publish(std::move(*one.loan));
        if (!number) return std::unexpected(number.error());
        if (sequence != nullptr) *sequence = *number;
        delete loan;
        return {};
    });
}

void mapferry_loan_drop(mapferry_loan* loan) noexcept {
    delete loan;
}
