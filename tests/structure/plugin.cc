// SPDX-License-Identifier: Apache-2.0
// A shared object with the library inside, as a plugin or a Python module is one.
#include <chrono>
#include <cstring>
#include <span>

#include "mapferry/image_file.h"
#include "mapferry/reader.h"
#include "mapferry/writer.h"

// Sends `text` to itself through the section `name`. 0 when it came back, else the exit code.
extern "C" [[gnu::visibility("default")]] int plugin_send_to_itself(const char* name,
                                                                    const char* text) {
    using namespace mapferry;
    if (!picture_format_of("a.png")) return 1;
    auto writer = Writer::create({.address = {.name = name}, .delivery = StreamDelivery::kKeep});
    if (!writer || !writer->begin({})) return 2;
    if (!writer->write(std::as_bytes(std::span(text, std::strlen(text))))) return 3;
    if (!writer->end() || !writer->close()) return 4;
    auto reader = Reader::open({.address = {.name = name},
                                .timeout = std::chrono::milliseconds(0),
                                .consume = Consume::kRemoveWhenDone});
    if (!reader || !reader->next()) return 5;
    const auto bytes = reader->read();
    if (!bytes || bytes->size() != std::strlen(text)) return 6;
    if (std::memcmp(bytes->data(), text, bytes->size()) != 0) return 7;
    const auto end = reader->read();
    if (!end || !end->empty() || !reader->acknowledge() || !reader->next()) return 8;
    return reader->close() ? 0 : 9;
}
