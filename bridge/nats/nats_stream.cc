// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_stream.h"

namespace mapferry::cli {

jsStreamConfig stream_config(const std::string& name, std::span<const char*> subjects) {
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    config.Name = name.c_str();
    config.Subjects = subjects.data();
    config.SubjectsLen = static_cast<int>(subjects.size());
    return config;
}

Result<void> make_missing_stream(NatsConnection& connection, jsStreamConfig& config) {
    const std::string name = config.Name;
    const auto exists = connection.ask_for_answer("look for " + name, [&](jsErrCode& code) {
        return js_GetStreamInfo(nullptr, connection.jetstream(), name.c_str(), nullptr, &code);
    });
    if (!exists) return std::unexpected(exists.error());
    if (exists->status == NATS_OK) return {};
    return connection.ask("make the stream " + name, [&](jsErrCode& code) {
        return js_AddStream(nullptr, connection.jetstream(), &config, nullptr, &code);
    });
}

}  // namespace mapferry::cli
