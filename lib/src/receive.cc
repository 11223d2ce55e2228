#include "mapferry/receive.h"

#include "surface.h"

namespace mapferry {

namespace {

// Delivers one chunk; its size, 0 at the payload's end.
Result<std::size_t> receive_some(Reader& reader, Output& output,
                                 const std::function<Result<void>()>& beat) {
    if (!output.keeps_bytes()) return reader.verify();
    auto bytes = reader.read();
    if (!bytes) return pass(bytes.error());
    if (auto written = output.write(*bytes, beat); !written) return pass(written.error());
    return bytes->size();
}

Result<PayloadSummary> receive_all(Reader& reader, Output& output, const ReceiveOptions& options) {
    const std::function<Result<void>()> beat = [&reader] { return reader.beat(); };
    std::uint64_t received = 0;
    while (true) {
        auto count = receive_some(reader, output, beat);
        if (!count) return pass(count.error());
        received += *count;
        if (!reader.summary()) {
            if (options.progress) options.progress(received);
            continue;
        }
        if (auto committed = output.commit(options.attributes, options.durability, beat);
            !committed)
            return pass(committed.error());
        return *reader.summary();
    }
}

}  // namespace

Result<PayloadSummary> receive(Reader& reader, Output& output, const ReceiveOptions& options) try {
    auto summary = receive_all(reader, output, options);
    if (summary) return summary;
    std::string& hint = summary.error().hint;
    if (std::string loss = output.loss(); !loss.empty())
        hint = hint.empty() ? std::move(loss) : loss + "; " + hint;
    return summary;
} catch (const std::bad_alloc&) {
    return out_of_memory();
}

}  // namespace mapferry
