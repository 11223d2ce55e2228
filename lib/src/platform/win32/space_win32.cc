// SPDX-License-Identifier: Apache-2.0
// Space for shared objects: how much there is, and taking it before it is touched. To touch a
// reserved page that is not committed is an access violation; to touch a page of a sparse file on a
// full disk is an in-page error. Taken beforehand, both are ordinary errors.
#include <windows.h>

#include <algorithm>
#include <vector>

#include "base/try.h"
#include "format/layout.h"
#include "mapferry/detail/units.h"
#include "mapferry/printable_text.h"
#include "platform/byte_range.h"
#include "platform/native_error.h"
#include "platform/place.h"
#include "platform/shared_object.h"
#include "platform/space.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/wide_win32.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr std::uint64_t kViewAlign = 65536;
// Views for passing over an object: small enough for a 32-bit program.
constexpr std::uint64_t kPieceBytes = std::uint64_t{64} << 20;
constexpr std::uint64_t kZerosBytes = std::uint64_t{1} << 20;

bool is_out_of_space(DWORD error) {
    return error == ERROR_COMMITMENT_LIMIT || error == ERROR_NOT_ENOUGH_MEMORY ||
           error == ERROR_DISK_FULL || error == ERROR_HANDLE_DISK_FULL;
}

Status reserve_error(const SharedObject& object, std::uint64_t bytes, DWORD error) {
    if (is_out_of_space(error)) return out_of_space(object.address, bytes);
    return native_status(
        "cannot reserve " + format_bytes(bytes) + " for " + to_string(object.address),
        static_cast<int>(error));
}

// Commits pages of a section; they are committed for all its views.
DWORD commit(HANDLE section, std::uint64_t offset, std::uint64_t bytes) {
    const std::uint64_t begin = offset / kViewAlign * kViewAlign;
    const std::uint64_t skipped = offset - begin;
    void* const view =
        ::MapViewOfFile(section, FILE_MAP_WRITE, static_cast<DWORD>(begin >> 32),
                        static_cast<DWORD>(begin), static_cast<SIZE_T>(skipped + bytes));
    if (view == nullptr) return ::GetLastError();
    void* const first = static_cast<std::byte*>(view) + skipped;
    const DWORD error =
        ::VirtualAlloc(first, static_cast<SIZE_T>(bytes), MEM_COMMIT, PAGE_READWRITE) != nullptr
            ? ERROR_SUCCESS
            : ::GetLastError();
    ::UnmapViewOfFile(view);
    return error;
}

// Makes the disk give blocks to a part of a sparse file that was never written.
DWORD fill_with_zeros(HANDLE file, std::uint64_t offset, std::uint64_t bytes) {
    static const std::vector<std::byte> zeros(kZerosBytes);
    while (bytes != 0) {
        const auto piece = static_cast<DWORD>(std::min(bytes, kZerosBytes));
        OVERLAPPED where{};
        where.Offset = static_cast<DWORD>(offset);
        where.OffsetHigh = static_cast<DWORD>(offset >> 32);
        DWORD written = 0;
        if (::WriteFile(file, zeros.data(), piece, &written, &where) == 0) return ::GetLastError();
        if (written == 0) return ERROR_DISK_FULL;
        offset += written;
        bytes -= written;
    }
    return ERROR_SUCCESS;
}

// Committed bytes of the view's pages.
std::uint64_t committed_bytes(const std::byte* view, std::uint64_t bytes) {
    std::uint64_t committed = 0;
    std::uint64_t done = 0;
    while (done < bytes) {
        MEMORY_BASIC_INFORMATION region{};
        if (::VirtualQuery(view + done, &region, sizeof region) == 0 || region.RegionSize == 0)
            break;
        const std::uint64_t size = std::min<std::uint64_t>(region.RegionSize, bytes - done);
        if (region.State == MEM_COMMIT) committed += size;
        done += size;
    }
    return committed;
}

// Wine 8 shows pages that another view committed as reserved, even those of the header.
bool shows_committed_pages(const SharedObject& object) {
    const auto header = map(object, 0, layout::kViewAlignBytes, Access::kRead);
    return header && committed_bytes(header->data(), layout::kPageBytes) != 0;
}

Result<std::uint64_t> used_memory_bytes(const SharedObject& object) {
    std::uint64_t used = 0;
    for (std::uint64_t offset = 0; offset < object.object_bytes; offset += kPieceBytes) {
        const std::uint64_t piece = std::min(kPieceBytes, object.object_bytes - offset);
        TRY_ASSIGN(auto view, map(object, offset, piece, Access::kRead));
        used += committed_bytes(view.data(), piece);
    }
    // At least the header is committed. Wine 8 shows pages that another view committed as reserved;
    // there the whole size is the best answer.
    return used == 0 ? object.object_bytes : used;
}

}  // namespace

Result<void> reserve(const SharedObject& object, std::uint64_t offset, std::uint64_t bytes) {
    if (bytes == 0) return {};
    if (bytes >= kCheckFirstBytes) {
        const auto space = space_at(object.address);
        if (space && space->free_bytes < bytes)
            return std::unexpected(out_of_space(object.address, bytes));
    }
    if (!object.address.backing_path.empty()) {
        const DWORD error = fill_with_zeros(raw(object.handle), offset, bytes);
        if (error != ERROR_SUCCESS) return std::unexpected(reserve_error(object, bytes, error));
        return {};
    }
    for (std::uint64_t done = 0; done < bytes; done += kPieceBytes) {
        const std::uint64_t piece = std::min(kPieceBytes, bytes - done);
        const DWORD error = commit(raw(object.handle), offset + done, piece);
        if (error != ERROR_SUCCESS) return std::unexpected(reserve_error(object, bytes, error));
    }
    return {};
}

bool holes_take_memory() {
    return true;
}

bool release_memory(const SharedObject&, std::uint64_t, std::uint64_t) {
    return false;
}

Status out_of_space(const SectionAddress& address, std::uint64_t needed_bytes) {
    const bool memory = address.backing_path.empty();
    const std::string where =
        memory ? "the page file" : in_quotes(split_path(address.backing_path).folder);
    const auto space = space_at(address);
    std::string message = to_string(address) + " needs " + format_bytes(needed_bytes) + " more, " +
                          where + " has " + (space ? format_bytes(space->free_bytes) : "less") +
                          " free";
    return Status{Code::kIo, std::move(message), memory ? "enlarge " + where : "free some space",
                  memory ? ERROR_COMMITMENT_LIMIT : ERROR_DISK_FULL,
                  memory ? Remedy::kUseBackingFile : Remedy::kOtherBackingFolder};
}

Result<Space> space_at(const SectionAddress& address) {
    if (address.backing_path.empty()) {
        MEMORYSTATUSEX memory{};
        memory.dwLength = sizeof memory;
        if (::GlobalMemoryStatusEx(&memory) == 0)
            return std::unexpected(native_status("cannot examine the page file"));
        return Space{.total_bytes = memory.ullTotalPageFile,
                     .free_bytes = std::min(memory.ullAvailPageFile, memory.ullTotalPageFile)};
    }
    const std::string folder = split_path(address.backing_path).folder;
    ULARGE_INTEGER free{};
    ULARGE_INTEGER total{};
    if (::GetDiskFreeSpaceExW(wide_path(folder).c_str(), &free, &total, nullptr) == 0)
        return std::unexpected(native_status("cannot examine " + in_quotes(folder)));
    return Space{.total_bytes = total.QuadPart, .free_bytes = free.QuadPart};
}

// Files count as having no holes here.
Result<ByteRange> present_bytes(const SharedObject& object, const ByteRange& wanted, Unwritten) {
    const ByteRange all{.begin = 0, .end = object.object_bytes};
    if (!object.address.backing_path.empty() || !shows_committed_pages(object)) return all;
    ByteRange found{.begin = wanted.begin, .end = wanted.begin};
    while (found.end < wanted.end) {
        const std::uint64_t offset = found.end / layout::kViewAlignBytes * layout::kViewAlignBytes;
        const std::uint64_t piece = std::min(kPieceBytes, object.object_bytes - offset);
        TRY_ASSIGN(auto view, map(object, offset, piece, Access::kRead));
        const std::uint64_t skip = found.end - offset;
        const std::uint64_t asked = std::min(piece - skip, wanted.end - found.end);
        const std::uint64_t there = committed_bytes(view.data() + skip, asked);
        found.end += there;
        if (there < asked) break;
    }
    return found;
}

std::optional<std::uint64_t> available_memory_bytes() {
    const auto space = space_at({});
    if (!space) return std::nullopt;
    return space->free_bytes;
}

Result<std::uint64_t> used_bytes(const SharedObject& object) {
    if (object.address.backing_path.empty()) return used_memory_bytes(object);
    FILE_STANDARD_INFO facts{};
    if (::GetFileInformationByHandleEx(raw(object.handle), FileStandardInfo, &facts,
                                       sizeof facts) == 0)
        return std::unexpected(native_status("cannot examine " + to_string(object.address)));
    return static_cast<std::uint64_t>(facts.AllocationSize.QuadPart);
}

}  // namespace mapferry::inline v1::platform
