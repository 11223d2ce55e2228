// SPDX-License-Identifier: Apache-2.0
// Names of kernel objects, and paths of files and temporaries, on Windows.
#pragma once

#include <windows.h>

#include <string>
#include <string_view>

#include "mapferry/output_options.h"
#include "mapferry/section_address.h"
#include "platform/handle.h"

namespace mapferry::inline v1::platform {

inline constexpr std::string_view kNamePrefix = "mapferry.";            // a name's cell
inline constexpr std::string_view kObjectPrefix = "mapferry-section.";  // the section itself
inline constexpr std::string_view kTemporaryPrefix = ".mapferry-new.";
inline constexpr std::string_view kRemovedPrefix = ".mapferry-old.";

// `Local\` or `Global\`.
[[nodiscard]] std::string name_space(Reach reach);
// The name of the cell that shows which object has the name.
[[nodiscard]] std::wstring cell_name(const SectionAddress& address);
// Sixteen hexadecimal digits.
[[nodiscard]] std::string hex_id(std::uint64_t id);

// Folder and last component of a path; the folder of "name" is ".", that of "C:name" is "C:".
struct SplitPath {
    std::string folder;
    std::string name;
};
[[nodiscard]] SplitPath split_path(const std::string& path);

// The absolute path, which stays right when the current folder changes.
[[nodiscard]] std::string full_path(const std::string& path);

// A name that no file in the same folder has.
[[nodiscard]] std::string temporary_name();

// For results of CreateFileW and its like, which mark a failure in two ways. The result never has
// the number of a standard handle. Leaves the last error as it is.
[[nodiscard]] Handle own(HANDLE handle);
[[nodiscard]] inline HANDLE raw(const Handle& handle) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): Windows declares its handles as pointers.
    return reinterpret_cast<HANDLE>(handle.get());
}

// A second handle of the same object; invalid when the system refuses.
[[nodiscard]] Handle duplicate(HANDLE handle);

// Whether the file is a section that some process, perhaps this one, has mapped.
[[nodiscard]] bool is_used_section(HANDLE file);

// Renames the open file (DELETE access) to `path`. Returns ERROR_SUCCESS or the error:
// ERROR_ALREADY_EXISTS where `path` exists and must not be replaced.
[[nodiscard]] DWORD rename_file(HANDLE file, const std::string& path, Overwrite overwrite);

// Deletes the open file (DELETE access) with its last handle. Fails while any process maps it.
[[nodiscard]] DWORD delete_on_close(HANDLE file);

}  // namespace mapferry::inline v1::platform
