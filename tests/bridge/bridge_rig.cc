// SPDX-License-Identifier: Apache-2.0
#include "bridge/bridge_rig.h"

#include <filesystem>
#include <iostream>

namespace mapferry::testing {

namespace {

void add(Words& words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
}

// The port in the file that the server writes when it listens; empty: there is none yet.
std::string port_in(const std::string& folder) {
    for (const std::string& name : ScratchFolder::names_in(folder)) {
        if (!name.ends_with(".ports")) continue;
        const auto ports = nlohmann::json::parse(read_text(folder + "/" + name), nullptr, false);
        if (!ports.is_object() || !ports.contains("nats")) continue;
        const auto url = ports["nats"].at(0).get<std::string>();
        return url.substr(url.rfind(':') + 1);
    }
    return {};
}

}  // namespace

NatsServer::NatsServer(const ScratchFolder& folder, const std::string& settings)
    : folder_(folder.make_folder("nats")), settings_(settings) {
    start();
}

NatsServer::~NatsServer() {
    if (::testing::Test::HasFailure() && process_)
        std::cout << "the server " << (process_->is_running() ? "runs" : "has ended") << ":\n"
                  << process_->errors();
}

bool NatsServer::is_installed() {
    return *MAPFERRY_NATS_SERVER_PATH != '\0';
}

void NatsServer::start() {
    write_file(folder_ + "/server.conf",
               "listen: \"127.0.0.1:" + port_ + "\"\nports_file_dir: \"" + folder_ +
                   "\"\njetstream { store_dir: \"" + folder_ + "/data\", max_mem: 256MB\n" +
                   (settings_.contains("max_file") ? "" : "max_file: 2GB }\n") + settings_ + "\n");
    process_.emplace(Launch{.program = MAPFERRY_NATS_SERVER_PATH,
                            .arguments = {"-c", folder_ + "/server.conf"}});
    EXPECT_TRUE(eventually([this] {
        const std::string port = port_in(folder_);
        if (port.empty() || !process_->is_running()) return !process_->is_running();
        port_ = port;
        return true;
    }));
    EXPECT_TRUE(process_->is_running()) << process_->errors();
    // It answers only when it has read its streams.
    EXPECT_TRUE(eventually([this] { return process_->errors().contains("Server is ready"); }));
}

std::string NatsServer::url(const std::string& path, const std::string& scheme) const {
    return scheme + "://127.0.0.1:" + port_ + "/" + path;
}

void NatsServer::kill() {
    process_->send(Signal::kKill);
    (void)process_->wait();
    for (const std::string& name : ScratchFolder::names_in(folder_))
        if (name.ends_with(".ports")) std::filesystem::remove(path_of(folder_ + "/" + name));
}

void NatsServer::start_again(const std::string& settings) {
    settings_ = settings;
    start();
}

void BridgeTest::SetUp() {
    if (!NatsServer::is_installed()) GTEST_SKIP() << "nats-server is not installed";
}

void BridgeTest::TearDown() {
    section_.remove();
    far_.remove();
}

ChildProcess BridgeTest::start_bridge(Words words) {
    return ChildProcess({.program = MAPFERRY_BRIDGE_PATH, .arguments = std::move(words)});
}

Ended BridgeTest::run_bridge(Words words) {
    return finish(start_bridge(std::move(words)));
}

ChildProcess BridgeTest::start_export(const std::string& url, Words more) const {
    Words words = {"export", "--name", section_.name(), "--to", url};
    add(words, more);
    return start_bridge(std::move(words));
}

ChildProcess BridgeTest::start_import(const std::string& url, Words more) const {
    Words words = {"import", "--name", far_.name(), "--from", url};
    add(words, more);
    return start_bridge(std::move(words));
}

Ended BridgeTest::run_export(const std::string& url, Words more) const {
    return finish(start_export(url, std::move(more)));
}

Ended BridgeTest::run_import(const std::string& url, Words more) const {
    return finish(start_import(url, std::move(more)));
}

::testing::AssertionResult BridgeTest::far_gives(const std::string& source) const {
    const std::string target = folder_.file("out/far");
    std::filesystem::remove(path_of(target));
    ChildProcess reader({.program = MAPFERRY_READER_PATH,
                         .arguments = {"--name", far_.name(), "--timeout", "0", "-o", target}});
    if (auto read = ended_with(0, reader); !read) return read;
    if (auto sound = ended_with(0, run_tool({"verify", far_.name()})); !sound) return sound;
    if (!same_content(source, target)) return ::testing::AssertionFailure() << "other bytes";
    return ::testing::AssertionSuccess();
}

}  // namespace mapferry::testing
