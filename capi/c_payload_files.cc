// SPDX-License-Identifier: Apache-2.0
#include "capi/c_payload_files.h"

#include "capi/c_call.h"
#include "mapferry/image_probe.h"
#include "mapferry/npy.h"

namespace mapferry::capi {

namespace {

Result<void> add(std::string& content, const Piece& piece, std::size_t size_limit) {
    const std::uint64_t more = piece.bytes.size() + piece.hole_bytes;
    if (more > size_limit - content.size())
        return fail(Code::kIo, "the payload has more than " + std::to_string(size_limit) + " bytes",
                    "raise size_limit");
    content.append(reinterpret_cast<const char*>(piece.bytes.data()), piece.bytes.size());
    content.append(static_cast<std::size_t>(piece.hole_bytes), '\0');
    return {};
}

}  // namespace

Result<Source> open_source(const char* path, const SendWords& words) {
    const auto file = text_of(path, "the path");
    if (!file) return std::unexpected(file.error());
    auto source = Source::open_file(*file);
    if (!source || !words.probes) return source;
    const auto image = probe_image(*source);
    if (!image) return std::unexpected(image.error());
    if (*image) {
        source->set_image(**image);
        return source;
    }
    const auto tensor = probe_npy(*source);
    if (!tensor) return std::unexpected(tensor.error());
    if (*tensor) source->set_tensor(**tensor);
    return source;
}

Result<PayloadSummary> receive_to(Reader& reader, const PayloadInfo& info, const std::string& path,
                                  ReceiveWords& words) {
    auto output = Output::to_file(path, words.overwrite, info.source);
    if (!output) return std::unexpected(output.error());
    if (words.preserves)
        words.options.attributes = {.mtime_unix_ns = info.mtime_unix_ns,
                                    .permission_bits = info.permission_bits};
    else
        words.options.attributes = {.permission_limit = info.permission_bits};
    return receive_payload(reader, *output, words.options);
}

Result<void> receive_into(Reader& reader, std::size_t size_limit, std::string& content) {
    while (true) {
        const auto piece = reader.read_piece();
        if (!piece) return std::unexpected(piece.error());
        if (piece->bytes.empty() && piece->hole_bytes == 0) return {};
        if (auto added = add(content, *piece, size_limit); !added) return added;
    }
}

}  // namespace mapferry::capi
