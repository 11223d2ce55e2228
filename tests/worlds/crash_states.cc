// SPDX-License-Identifier: Apache-2.0
#include "worlds/crash_states.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <system_error>

namespace mapferry::testing {

namespace {

using Kind = FileOperation::Kind;

// ---- from strace's lines to operations ---------------------------------------------------------

// The number at the beginning of `text`; -1 where there is none.
int number_in(const std::string& text) {
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc{} ? number : -1;
}

struct TracedCall {
    std::string name;
    std::vector<std::string> arguments;
    long result = -1;

    [[nodiscard]] bool has(std::size_t index, const std::string& part) const {
        return index < arguments.size() && arguments[index].contains(part);
    }
    [[nodiscard]] int number(std::size_t index) const {
        return index < arguments.size() ? number_in(arguments[index]) : -1;
    }
    // A quoted argument, without its quotes.
    [[nodiscard]] std::string text(std::size_t index) const {
        const std::string& quoted = arguments.at(index);
        return quoted.size() >= 2 ? quoted.substr(1, quoted.size() - 2) : std::string();
    }
};

std::optional<TracedCall> parse_line(const std::string& line) {
    static const std::regex pattern(R"(^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+).*$)");
    std::smatch match;
    if (!std::regex_match(line, match, pattern)) return std::nullopt;
    TracedCall call{.name = match[1], .arguments = {}, .result = std::stol(match[3])};
    std::istringstream words(match[2]);
    for (std::string word; std::getline(words, word, ',');)
        call.arguments.push_back(word.substr(std::min(word.find_first_not_of(' '), word.size())));
    return call;
}

class TraceReader {
  public:
    explicit TraceReader(std::string folder) : folder_(std::move(folder)) {}
    void take(const TracedCall& call);
    std::vector<FileOperation> operations = {};

  private:
    void take_open(const TracedCall& call);
    void take_write(const TracedCall& call);
    void take_link(const TracedCall& call);
    [[nodiscard]] bool is_mine(int descriptor) const { return files_.contains(descriptor); }

    std::string folder_;
    std::set<int> folders_ = {};  // descriptors of the folder
    struct Open {
        std::size_t file;
        std::uint64_t position;
    };
    std::map<int, Open> files_ = {};
    std::size_t made_ = 0;
};

void TraceReader::take_open(const TracedCall& call) {
    const auto descriptor = static_cast<int>(call.result);
    const bool leads_there = call.has(1, folder_) || folders_.contains(call.number(0));
    if (leads_there && call.has(2, "O_DIRECTORY") && !call.has(2, "O_TMPFILE")) {
        folders_.insert(descriptor);
        return;
    }
    if (!folders_.contains(call.number(0))) return;
    const bool nameless = call.has(2, "O_TMPFILE");
    if (!nameless && !call.has(2, "O_CREAT")) return;  // this only reads an existing file
    ASSERT_TRUE(nameless || call.has(2, "O_EXCL")) << "opened without O_EXCL";
    operations.push_back(
        {.kind = Kind::kMake, .file = made_, .name = nameless ? "" : call.text(1)});
    files_[descriptor] = {.file = made_, .position = 0};
    ++made_;
}

void TraceReader::take_write(const TracedCall& call) {
    Open& open = files_.at(call.number(0));
    const auto bytes = static_cast<std::uint64_t>(call.result);
    operations.push_back(
        {.kind = Kind::kWrite, .file = open.file, .begin = open.position, .bytes = bytes});
    open.position += bytes;
}

// linkat(AT_FDCWD, "/proc/self/fd/5", 4, "name", ...)
void TraceReader::take_link(const TracedCall& call) {
    const std::string from = call.text(1);
    const std::size_t slash = from.rfind('/');
    ASSERT_TRUE(from.starts_with("/proc/self/fd/")) << from;
    const int descriptor = number_in(from.substr(slash + 1));
    ASSERT_TRUE(is_mine(descriptor)) << from;
    operations.push_back(
        {.kind = Kind::kName, .file = files_.at(descriptor).file, .name = call.text(3)});
}

void TraceReader::take(const TracedCall& call) {
    if (call.result < 0) return;
    const int first = call.number(0);
    if (call.name == "openat") return take_open(call);
    if (call.name == "fcntl") {  // the other requests are locks and flags
        if (call.has(1, "F_DUPFD") && is_mine(first))
            files_.insert_or_assign(static_cast<int>(call.result), files_.at(first));
        return;
    }
    if (call.name == "write" && is_mine(first)) return take_write(call);
    if (call.name == "fsync" && is_mine(first))
        operations.push_back({.kind = Kind::kSync, .file = files_.at(first).file});
    else if (call.name == "fsync" && folders_.contains(first))
        operations.push_back({.kind = Kind::kSyncFolder});
    else if (call.name == "linkat" && folders_.contains(call.number(2)))
        take_link(call);
    else if ((call.name == "renameat" || call.name == "renameat2") && folders_.contains(first))
        operations.push_back({.kind = Kind::kRename, .name = call.text(1), .target = call.text(3)});
    else if (call.name == "unlinkat" && folders_.contains(first))
        operations.push_back({.kind = Kind::kRemove, .name = call.text(1)});
    else if (call.name == "close")
        files_.erase(first), folders_.erase(first);
    else if (call.name != "write" && (is_mine(first) || folders_.contains(first)))
        ADD_FAILURE() << "a call that the model does not know: " << call.name;
}

// ---- from operations to states ------------------------------------------------------------------

bool changes_names(const FileOperation& operation) {
    switch (operation.kind) {
        case Kind::kMake:
            return !operation.name.empty();
        case Kind::kName:
        case Kind::kRename:
        case Kind::kRemove:
            return true;
        default:
            return false;
    }
}

// The folder without its bytes: the file that each name leads to.
constexpr std::size_t kOldFile = ~std::size_t{0};
using Names = std::map<std::string, std::size_t>;

void apply_name(const FileOperation& operation, Names& names) {
    if (operation.kind == Kind::kRename) {
        const auto from = names.find(operation.name);
        ASSERT_NE(from, names.end()) << operation.name;
        names[operation.target] = from->second;
        names.erase(operation.name);
    } else if (operation.kind == Kind::kRemove) {
        names.erase(operation.name);
    } else {
        names[operation.name] = operation.file;
    }
}

Bytes bytes_of_file(std::size_t file, const std::vector<FileOperation>& writes,
                    const Bytes& written) {
    Bytes bytes;
    for (const FileOperation& write : writes) {
        if (write.file != file) continue;
        const auto begin = static_cast<std::ptrdiff_t>(write.begin);
        const std::size_t end = static_cast<std::size_t>(write.begin + write.bytes);
        if (bytes.size() < end) bytes.resize(end);  // zeros in place of a lost write
        std::copy(written.begin() + begin,
                  written.begin() + begin + static_cast<std::ptrdiff_t>(write.bytes),
                  bytes.begin() + begin);
    }
    return bytes;
}

using Writes = std::vector<FileOperation>;

// The sets of writes that may have survived: all writes; or all with an fsync, together with none
// of the others, all but one of them, the first n of them, or the first n and half of the next one.
std::vector<Writes> surviving_writes(const std::vector<FileOperation>& done, Loss loss) {
    Writes all;
    Writes safe;
    for (std::size_t i = 0; i < done.size(); ++i) {
        if (done[i].kind != Kind::kWrite) continue;
        all.push_back(done[i]);
        const bool synced = std::any_of(
            done.begin() + static_cast<std::ptrdiff_t>(i), done.end(), [&](const auto& later) {
                return later.kind == Kind::kSync && later.file == done[i].file;
            });
        if (synced) safe.push_back(done[i]);
    }
    std::vector<Writes> choices{all};
    if (loss == Loss::kNothing || safe.size() == all.size()) return choices;
    choices.push_back(safe);
    for (std::size_t i = safe.size(); i < all.size(); ++i) {
        Writes without = all;
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        choices.push_back(without);
        Writes first(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i));
        choices.push_back(first);
        first.push_back(all[i]);
        first.back().bytes /= 2;
        choices.push_back(first);
    }
    return choices;
}

// The changes of names that may have survived: all; or all up to the last fsync of the folder, with
// any number of the later ones.
std::vector<Names> surviving_names(const std::vector<FileOperation>& done, const Names& before,
                                   Loss loss) {
    Names names = before;
    std::vector<Names> choices{names};
    for (const FileOperation& operation : done) {
        if (operation.kind == Kind::kSyncFolder) choices = {names};
        if (!changes_names(operation)) continue;
        apply_name(operation, names);
        choices.push_back(names);
    }
    if (loss == Loss::kNothing) return {names};
    return choices;
}

}  // namespace

std::vector<FileOperation> parse_trace(const std::string& trace, const std::string& folder) {
    TraceReader reader(folder);
    std::istringstream lines(trace);
    for (std::string line; std::getline(lines, line);) {
        EXPECT_FALSE(line.contains("<unfinished")) << "two threads at once: " << line;
        if (const auto call = parse_line(line)) reader.take(*call);
    }
    return reader.operations;
}

std::uint64_t visit_crash_states(const std::vector<FileOperation>& operations, std::size_t count,
                                 const FolderState& before, const Bytes& written, Loss loss,
                                 const std::function<void(const FolderState&)>& look) {
    const std::vector<FileOperation> done(operations.begin(),
                                          operations.begin() + static_cast<std::ptrdiff_t>(count));
    Names old_names;
    for (const auto& entry : before)
        old_names[entry.first] = kOldFile;
    std::uint64_t visited = 0;
    for (const Names& names : surviving_names(done, old_names, loss)) {
        for (const Writes& writes : surviving_writes(done, loss)) {
            FolderState state;
            for (const auto& [name, file] : names)
                state[name] =
                    file == kOldFile ? before.at(name) : bytes_of_file(file, writes, written);
            look(state);
            ++visited;
        }
    }
    return visited;
}

}  // namespace mapferry::testing
