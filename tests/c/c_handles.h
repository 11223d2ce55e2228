// SPDX-License-Identifier: Apache-2.0
// Handles of the C interface that give themselves back.
#pragma once

#include <string>

#include "mapferry/mapferry.h"

namespace mapferry::testing {

template <typename Object, auto close_call>
struct Handle {
    Object* get = nullptr;

    Handle() = default;
    ~Handle() { close(); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    void close() {
        close_call(get);
        get = nullptr;
    }
};

using StopHandle = Handle<mapferry_stop, mapferry_stop_free>;
using BytesHandle = Handle<mapferry_bytes, mapferry_bytes_free>;
using PictureHandle = Handle<mapferry_picture, mapferry_picture_free>;
using FrameHandle = Handle<mapferry_frame, mapferry_frame_release>;
using FrameReaderHandle = Handle<mapferry_frame_reader, mapferry_frame_reader_close>;
using FrameWriterHandle = Handle<mapferry_frame_writer, mapferry_frame_writer_close>;
using LoanHandle = Handle<mapferry_loan, mapferry_loan_drop>;
using MemoryHandle = Handle<mapferry_memory, mapferry_memory_free>;
using BufferHandle = Handle<mapferry_buffer, mapferry_buffer_close>;
using ReaderHandle = Handle<mapferry_reader, mapferry_reader_close>;
using WriterHandle = Handle<mapferry_writer, mapferry_writer_close>;

[[nodiscard]] inline std::string text_in(const BytesHandle& bytes) {
    return {mapferry_bytes_data(bytes.get), mapferry_bytes_size(bytes.get)};
}

}  // namespace mapferry::testing
