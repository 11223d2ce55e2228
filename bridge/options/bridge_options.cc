// SPDX-License-Identifier: Apache-2.0
#include "bridge/options/bridge_options.h"

#include <array>
#include <optional>

#include "bridge/options/reader_id.h"
#include "cli/command_line.h"
#include "cli/short_names.h"

namespace mapferry::cli {

namespace {

constexpr std::uint64_t kFrameSlotsMax = 64;
constexpr std::uint64_t kReadersMax = 10'000;

constexpr std::array kExamples = {
    Example{"@ export --name cam --to nats://hub/cam", "take the section cam to a server"},
    Example{"@ import --name cam --from nats://hub/cam", "and into a section of another machine"},
    Example{"@ export --name weights --to tls://hub/models/llama",
            "a kept payload becomes an object, with TLS"},
    Example{"@ export --name weights --to s3://models/llama",
            "and an object of an S3 bucket, beside the small llama.mapferry"},
    Example{"@ ls nats://localhost/models", "the objects of a bucket"},
    Example{"@ verify nats://localhost/models/llama", "read every byte of an object"},
};

constexpr std::array kGroups = {
    OptionGroup{"What to do", "COMMAND URL --to --from"},
    OptionGroup{"The section", "--name --backing --global --share"},
    OptionGroup{"The engine", "--endpoint --creds --login --tls-ca --insecure --timeout"},
    OptionGroup{"Kept payloads", "--overwrite --content-addressed --verify-sha256 --watch"},
    OptionGroup{"Frames, streams and texts",
                "--once --readers --reader-id --frame-slots --store-bytes"},
    OptionGroup{"Output and messages", "-q --progress --json -h --help --version"},
};

void add_engine_options(CLI::App& app, BridgeCommand& command) {
    add_word_option(app, "--endpoint", command.endpoint,
                    "the S3 store, https://HOST[:PORT]; else AWS_ENDPOINT_URL, else that of AWS in "
                    "AWS_REGION; its keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
                    "in ~/.aws/credentials")
        ->type_name("URL");
    add_word_option(app, "--creds", command.credentials.creds,
                    "the credentials file of a NATS user, which nobody else may read; else that of "
                    "NATS_CREDS")
        ->type_name("FILE");
    add_word_option(app, "--login", command.credentials.login,
                    "a file that nobody else may read, with a user in its first line and a "
                    "password in its second; else NATS_USER and NATS_PASSWORD, or NATS_TOKEN")
        ->type_name("FILE");
    add_word_option(app, "--tls-ca", command.tls_ca,
                    "trust the authorities in this file alone, in PEM; else those of the system")
        ->type_name("FILE");
    app.add_flag("--insecure", command.insecure,
                 "allow plain text beyond this machine: everybody on the way can read and change "
                 "it");
}

void add_kept_options(CLI::App& app, BridgeCommand& command) {
    app.add_flag("--overwrite", command.overwrite, "export: replace an object of the same name");
    app.add_flag("--content-addressed", command.content_addressed,
                 "export: name the object by its digest, and make its name a link to it; bytes "
                 "that are there already are not sent");
    app.add_flag("--verify-sha256", command.verify_sha256,
                 "import, verify: also compare the SHA-256; needed against malice, and slower");
    add_word_option(app, "--watch", command.watch,
                    "export: every kept section whose name fits this pattern (* and ?), as soon "
                    "as it is whole, under the section's name; until a signal ends it")
        ->type_name("PATTERN");
}

void add_live_options(CLI::App& app, BridgeCommand& command) {
    app.add_flag("--once", command.once,
                 "end with the stream; without it the bridge waits for the next writer");
    add_number_option(app, "--readers", command.readers, 1, kReadersMax,
                      "export of a stream, or of frames that each reader gets: wait for N "
                      "importers before the first byte")
        ->capture_default_str();
    add_word_option(app, "--reader-id", command.reader_id,
                    "import of a stream: who this importer is to the server, which keeps its "
                    "place while it is away; letters, digits, _ and - (default: the machine's "
                    "name and the section's)")
        ->type_name("ID");
    add_number_option(app, "--frame-slots", command.frame_slots, 2, kFrameSlotsMax,
                      "export of the newest frames: how many the server holds")
        ->capture_default_str();
    add_size_option(app, "--store-bytes", command.store_bytes,
                    "export of a stream: how much the server holds before the writer waits")
        ->default_str("1GiB");
}

std::optional<BridgeWork> work_of(const std::string& word) {
    constexpr std::array<std::pair<const char*, BridgeWork>, 6> kWords = {{
        {"export", BridgeWork::kExport},
        {"import", BridgeWork::kImport},
        {"ls", BridgeWork::kList},
        {"info", BridgeWork::kInfo},
        {"verify", BridgeWork::kVerify},
        {"rm", BridgeWork::kRemove},
    }};
    for (const auto& [name, work] : kWords)
        if (word == name) return work;
    return std::nullopt;
}

// The address of the command: --to, --from, or the word behind it.
Result<std::string> address_of(const BridgeWords& words, BridgeWork work) {
    const std::string& wanted = work == BridgeWork::kExport   ? words.to
                                : work == BridgeWork::kImport ? words.from
                                                              : words.url;
    const auto given = [](const std::string& word) { return word.empty() ? 0 : 1; };
    const bool has_other = given(words.to) + given(words.from) + given(words.url) > 1;
    if (wanted.empty() || has_other)
        return fail(Code::kUsage,
                    work == BridgeWork::kExport   ? "export needs --to URL, and no other address"
                    : work == BridgeWork::kImport ? "import needs --from URL, and no other address"
                                                  : words.command + " needs one URL",
                    "an address is nats://HOST[:PORT]/PLACE[/OBJECT]");
    return wanted;
}

// What only one direction or kind of work has.
Result<void> check_options(const BridgeCommand& command) {
    const bool exports = command.work == BridgeWork::kExport;
    if (!exports && (command.overwrite || command.content_addressed || !command.watch.empty()))
        return fail(Code::kUsage,
                    "--overwrite, --content-addressed and --watch go with export alone");
    if (!command.watch.empty() && !command.url.object.empty())
        return fail(Code::kUsage, "--watch names each object by its section",
                    "give an address without an object");
    const bool moves = exports || command.work == BridgeWork::kImport;
    if ((moves || command.work == BridgeWork::kRemove) && command.url.place.empty())
        return fail(Code::kUsage, "the address names no bucket or stream",
                    "nats://HOST[:PORT]/PLACE[/OBJECT]");
    if (command.work == BridgeWork::kVerify && command.url.object.empty())
        return fail(Code::kUsage, "verify needs the address of an object",
                    "nats://HOST[:PORT]/PLACE/OBJECT");
    return {};
}

}  // namespace

const Help kBridgeHelp{
    .about = "take payloads and frames to other machines, through a server that they share",
    .usage = "COMMAND [OPTION...] [URL]",
    .usual =
        "  export --name NAME --to URL     a section's payload, frames or stream\n"
        "  import --name NAME --from URL   and back, into a section of this machine\n"
        "  ls, info, verify, rm URL        what the server holds\n"
        "  --tls-ca FILE, --creds FILE     whom to trust, and who you are\n"
        "  --timeout TIME                  how long the server may be away\n",
    .examples = kExamples,
    .note = "URL is nats://HOST[:PORT]/PLACE[/OBJECT], tls:// with TLS, or s3://BUCKET/KEY.\n",
    .groups = kGroups,
};

void add_bridge_options(CLI::App& app, BridgeCommand& command, BridgeWords& words) {
    add_word_option(app, "COMMAND", words.command, "export, import, ls, info, verify or rm")
        ->type_name("");
    add_word_option(app, "URL", words.url, "ls, info, verify, rm: the server, bucket or object")
        ->type_name("");
    add_word_option(app, "--to", words.to, "export: the bucket, stream or object")
        ->type_name("URL");
    add_word_option(app, "--from", words.from, "import: the bucket, stream or object")
        ->type_name("URL");
    add_address_options(app, command.common.address);
    add_share_option(app, command.common.address, kTrust);
    add_engine_options(app, command);
    add_kept_options(app, command);
    add_live_options(app, command);
    add_timeout_option(app, command.common);
    add_quiet_option(app, command.common.quiet);
    add_choice_option<ProgressMode>(app, "--progress", command.common.progress,
                                    {{"auto", ProgressMode::kAuto},
                                     {"always", ProgressMode::kAlways},
                                     {"never", ProgressMode::kNever}},
                                    "auto (on a terminal), always, never")
        ->type_name("WHEN")
        ->default_str("auto");
    add_json_option(app, command.common.json);
    set_up_app(app);
}

Result<void> take_words(const BridgeWords& words, BridgeCommand& command) {
    const auto work = work_of(words.command);
    if (!work)
        return fail(Code::kUsage, "the command is none of export, import, ls, info, verify, rm",
                    "mapferry-bridge --help shows them");
    command.work = *work;
    const auto address = address_of(words, *work);
    if (!address) return std::unexpected(address.error());
    auto url = parse_bridge_url(*address);
    if (!url) return std::unexpected(url.error());
    command.url = std::move(*url);
    const bool is_s3 = command.url.engine == Engine::kS3;
    if (!is_s3 && !command.endpoint.empty())
        return fail(Code::kUsage, "--endpoint goes with s3:// alone");
    if (command.url.transport == Transport::kPlain && !command.url.is_loopback() &&
        !command.insecure)
        return fail(Code::kUsage,
                    command.url.server() + " is on another machine, and nats:// is plain text",
                    "use tls://, or allow it with --insecure");
    if (command.reader_id.empty())
        command.reader_id = default_reader_id(command.common.address.name);
    if (auto sound = check_reader_id(command.reader_id); !sound) return sound;
    return check_options(command);
}

}  // namespace mapferry::cli
