// SPDX-License-Identifier: Apache-2.0
#include "console/serve/serve_program.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/interrupt.h"
#include "cli/print.h"
#include "console/serve/http_access.h"
#include "console/serve/listening_socket.h"
#include "console/serve/peer_user.h"
#include "console/serve/serve_answers.h"
#include "console/serve/serve_command_line.h"

namespace mapferry::cli {

namespace {

constexpr std::chrono::milliseconds kStreamsEnd{300};
constexpr std::chrono::milliseconds kStopLook{50};  // between two looks at the stop flag

Result<AccessRules> rules_of(const ServeCommand& command) {
    const auto loopback = is_loopback(command.listen.empty() ? "127.0.0.1" : command.listen);
    if (!loopback) return std::unexpected(loopback.error());
    AccessRules rules{.loopback_only = *loopback};
    for (const std::string& name : command.host_names)
        rules.host_names.push_back(lower(name));
    if (!*loopback) {
        rules.host_names.push_back(lower(name_of_machine()));
        rules.host_names.push_back(lower(command.listen));
    }
    if (*loopback && !command.token) return rules;
    auto token = random_token();
    if (!token) return std::unexpected(token.error());
    rules.token = std::move(*token);
    return rules;
}

// The host by which a browser of this machine, or of another one, reaches the server.
std::string host_of(const ServeCommand& command) {
    const std::string& listen = command.listen;
    if (listen.empty()) return "127.0.0.1";
    if (listen == "0.0.0.0" || listen == "::") {
        const std::string name = name_of_machine();
        return name.empty() ? "127.0.0.1" : name;
    }
    return listen.contains(':') ? "[" + listen + "]" : listen;
}

// The address is what a script or a user asked for, so it goes to standard output.
Result<void> announce(const Messages& messages, const ServeCommand& command,
                      const std::string& token, std::uint16_t port) {
    std::string url = fmt::format("http://{}:{}/", host_of(command), port);
    if (!token.empty()) url += "?token=" + token;
    if (messages.json()) return messages.event({{"event", "serving"}, {"url", url}});
    if (auto printed = print(url + "\n"); !printed) return printed;
    messages.note("serving until Ctrl-C");
    return {};
}

Result<void> serve(const Messages& messages, const ServeCommand& command,
                   const std::atomic<int>& stop) {
    auto rules = rules_of(command);
    if (!rules) return std::unexpected(rules.error());
    const std::string token = rules->token;
    ViewerWorld world(command);
    ServeAnswers answers(world);
    auto server = HttpServer::start(
        {.address = command.listen, .port = static_cast<std::uint16_t>(command.port)},
        std::move(*rules), [&](const HttpRequest& request) { return answers.answer(request); });
    if (!server) return std::unexpected(server.error());
    auto announced = announce(messages, command, token, (*server)->port());
    while (announced && !is_stopped(stop))
        std::this_thread::sleep_for(kStopLook);
    // release: what the streams' threads read after ViewerSession::next_message has seen it
    world.stopping.store(1, std::memory_order_release);
    world.news.tell();
    // So pages see the end of their stream, and no broken connection.
    answers.wait_for_streams(kStreamsEnd);
    if (!announced) return announced;
    return interrupted();
}

}  // namespace

int run_serve(const Call& call) {
    ServeCommand command;
    if (const auto code = parse_serve(call, command)) return *code;
    const Messages messages = command.common.messages();
    return messages.ended(serve(messages, command, *call.stop));
}

}  // namespace mapferry::cli
