// SPDX-License-Identifier: Apache-2.0
// The possible states of a folder after a crash: the file operations of a run, as strace prints
// them, and the states in which the folder can be when the machine dies after any of them.
//
//     power fails after operation k: of the operations 0 .. k-1
//       - names change in order; a change survives if an fsync of the folder followed it;
//         of the later ones a prefix survives
//       - bytes of a file survive if an fsync of the file followed; of the others any may be lost
//
// This is the model of ALICE (Pillai and others, OSDI 2014) for a file system that keeps the order
// of names, as all with a journal do, and that promises no more about bytes than fsync does.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "support/test_bytes.h"

namespace mapferry::testing {

struct FileOperation {
    enum class Kind : std::uint8_t { kMake, kWrite, kSync, kSyncFolder, kName, kRename, kRemove };
    Kind kind = Kind::kMake;
    std::size_t file = 0;  // its number, by order of making: all but kSyncFolder, kRename, kRemove
    std::uint64_t begin = 0;  // kWrite: where in the file
    std::uint64_t bytes = 0;  // kWrite
    std::string name = {};    // kMake (empty: nameless), kName, kRename (from), kRemove
    std::string target = {};  // kRename
};

// The operations on files in `folder`, from `strace -f -s 0` of kTracedCalls. Fails the test on an
// operation that it does not understand.
inline constexpr const char* kTracedCalls =
    "trace=openat,open,creat,write,pwrite64,writev,pwritev,copy_file_range,sendfile,splice,"
    "ftruncate,"
    "fallocate,fsync,fdatasync,sync,syncfs,link,linkat,rename,renameat,renameat2,unlink,unlinkat,"
    "close,dup,dup2,dup3,fcntl";
[[nodiscard]] std::vector<FileOperation> parse_trace(const std::string& trace,
                                                     const std::string& folder);

enum class Loss : std::uint8_t {
    kNothing,  // the process died: the system has all its operations
    kUnsynced  // the power failed
};

// The files of the folder by name. `written` are the bytes that the run wrote, from the file's
// begin.
using FolderState = std::map<std::string, Bytes>;

// Calls `look` with every state after the first `count` operations; returns the number of states.
std::uint64_t visit_crash_states(const std::vector<FileOperation>& operations, std::size_t count,
                                 const FolderState& before, const Bytes& written, Loss loss,
                                 const std::function<void(const FolderState&)>& look);

}  // namespace mapferry::testing
