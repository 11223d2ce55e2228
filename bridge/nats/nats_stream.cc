// SPDX-License-Identifier: Apache-2.0
#include "bridge/nats/nats_stream.h"

#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

// What was asked for. Null: the server says that it is not there.
template <typename Handle>
Result<Handle> found_in(NatsConnection& connection, const Result<NatsAnswer>& answer,
                        const std::string& what, Handle handle) {
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == NATS_OK) return handle;
    Status failure = nats_failure(*answer, what, connection.watch().server());
    if (failure.code == Code::kNotFound) return Handle();
    return std::unexpected(std::move(failure));
}

}  // namespace

jsStreamConfig stream_config(const std::string& name, std::span<const char*> subjects) {
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    config.Name = name.c_str();
    config.Subjects = subjects.data();
    config.SubjectsLen = static_cast<int>(subjects.size());
    return config;
}

// nats-server before 2.9.15 ends itself when it is asked for messages or subjects of a stream that
// is being made. A stream that has messages stands.
Result<StreamInfo> find_stream(NatsConnection& connection, const std::string& name,
                               const std::string& subjects) {
    StreamInfo info;
    if (!subjects.empty()) {
        auto stands = find_stream(connection, name);
        if (!stands || !*stands || (*stands)->State.Msgs == 0) return stands;
    }
    const std::string what = "look for " + name;
    const auto answer = connection.ask_for_answer(what, [&](jsErrCode& code) {
        jsOptions options;
        jsOptions_Init(&options);
        if (!subjects.empty()) options.Stream.Info.SubjectsFilter = subjects.c_str();
        return js_GetStreamInfo(Filled(info), connection.jetstream(), name.c_str(), &options,
                                &code);
    });
    return found_in(connection, answer, what, std::move(info));
}

Result<StreamInfo> existing_stream(NatsConnection& connection, const std::string& name) {
    auto info = find_stream(connection, name);
    if (info && !*info)
        return fail(Code::kNotFound,
                    "there is no stream " + name + " any more at " + connection.watch().server());
    return info;
}

std::span<const jsStreamStateSubject> subjects_of(const jsStreamInfo& info) {
    const jsStreamStateSubjects* const list = info.State.Subjects;
    if (list == nullptr) return {};
    return {list->List, static_cast<std::size_t>(list->Count)};
}

Result<NatsMessage> last_message(NatsConnection& connection, const std::string& stream,
                                 const std::string& subject) {
    const auto info = find_stream(connection, stream);
    if (!info) return std::unexpected(info.error());
    if (!*info || (*info)->State.Msgs == 0) return NatsMessage();
    NatsMessage message;
    const std::string what = "look for " + subject;
    const auto answer = connection.ask_for_answer(what, [&](jsErrCode& code) {
        return js_GetLastMsg(Filled(message), connection.jetstream(), stream.c_str(),
                             subject.c_str(), nullptr, &code);
    });
    return found_in(connection, answer, what, std::move(message));
}

Result<void> make_missing_stream(NatsConnection& connection, jsStreamConfig& config) {
    const std::string name = config.Name;
    const auto found = find_stream(connection, name);
    if (!found) return std::unexpected(found.error());
    if (*found) return {};
    return connection.ask("make the stream " + name, [&](jsErrCode& code) {
        return js_AddStream(nullptr, connection.jetstream(), &config, nullptr, &code);
    });
}

}  // namespace mapferry::cli
