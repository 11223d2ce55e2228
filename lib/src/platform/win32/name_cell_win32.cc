// SPDX-License-Identifier: Apache-2.0
#include "platform/win32/name_cell_win32.h"

#include <atomic>

#include "base/fail.h"
#include "base/try.h"
#include "platform/clock.h"
#include "platform/native_error.h"
#include "platform/win32/paths_win32.h"
#include "platform/win32/security_win32.h"

namespace mapferry::inline v1::platform {

namespace {

constexpr std::uint64_t kCellMagic = 0x4C4C4543'5946504D;  // "MPFYCELL"
constexpr DWORD kCellBytes = 4096;
// A cell without its magic is being made at this moment, by a process that does nothing else.
constexpr int kLooksForMagic = 100;
constexpr std::int64_t kLookUs = 1000;

struct Cell {
    std::uint64_t magic;
    std::uint64_t id;  // of the object that has the name; 0 = nobody's
};

class CellView {
  public:
    explicit CellView(const Handle& cell)
        : cell_(static_cast<Cell*>(
              ::MapViewOfFile(raw(cell), FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, sizeof(Cell)))) {}
    ~CellView() {
        if (cell_ != nullptr) ::UnmapViewOfFile(cell_);
    }
    CellView(const CellView&) = delete;
    CellView& operator=(const CellView&) = delete;

    [[nodiscard]] bool valid() const { return cell_ != nullptr; }
    [[nodiscard]] std::atomic_ref<std::uint64_t> id() const { return std::atomic_ref(cell_->id); }
    void mark() const {
        // release: partner is the acquire load in is_ours(); a new cell's zero id comes with it
        std::atomic_ref(cell_->magic).store(kCellMagic, std::memory_order_release);
    }
    [[nodiscard]] bool is_ours() const {
        for (int look = 0; look < kLooksForMagic; ++look) {
            // acquire: partner is the release store in mark()
            if (std::atomic_ref(cell_->magic).load(std::memory_order_acquire) == kCellMagic)
                return true;
            sleep_us(kLookUs);
        }
        return false;
    }

  private:
    Cell* cell_;
};

std::unexpected<Status> not_ours(const SectionAddress& address) {
    return fail(Code::kPermission, to_string(address) + " is another program's object",
                Remedy::kOtherName);
}

// Opens the cell. An invalid handle: no process keeps one.
Result<Handle> open_cell(const SectionAddress& address) {
    Handle cell = own(::OpenFileMappingW(FILE_MAP_READ | FILE_MAP_WRITE | READ_CONTROL, FALSE,
                                         cell_name(address).c_str()));
    if (cell.valid()) {
        if (auto ours = check_owner(raw(cell), ObjectKind::kKernelObject, address); !ours)
            return std::unexpected(ours.error());
        return cell;
    }
    if (::GetLastError() == ERROR_FILE_NOT_FOUND) return cell;
    if (::GetLastError() == ERROR_INVALID_HANDLE) return not_ours(address);  // of another kind
    return std::unexpected(native_status("cannot open " + to_string(address)));
}

}  // namespace

Result<std::optional<std::uint64_t>> look_up_name(const SectionAddress& address) {
    TRY_ASSIGN(auto cell, open_cell(address));
    if (!cell.valid()) return std::nullopt;
    const CellView view(cell);
    if (!view.valid())
        return std::unexpected(native_status("cannot map the name of " + to_string(address)));
    if (!view.is_ours()) return not_ours(address);
    // acquire: partner is the compare-and-swap in link_name
    const std::uint64_t id = view.id().load(std::memory_order_acquire);
    if (id == 0) return std::nullopt;
    return id;
}

Result<Handle> link_name(const SectionAddress& address, std::uint64_t id,
                         bool (*is_there)(Reach reach, std::uint64_t id)) {
    const std::string what = to_string(address);
    if (owner_only() == nullptr)
        return std::unexpected(native_status("cannot tell whose process this is"));
    TRY_ASSIGN(const auto list, access_list_for(address.sharing, ObjectKind::kKernelObject, what));
    SECURITY_ATTRIBUTES attributes = attributes_with(list);
    Handle cell = own(::CreateFileMappingW(INVALID_HANDLE_VALUE, &attributes, PAGE_READWRITE, 0,
                                           kCellBytes, cell_name(address).c_str()));
    const DWORD created = ::GetLastError();  // at once: success says ALREADY_EXISTS here
    if (!cell.valid()) {
        Status status = native_status("cannot create " + what, static_cast<int>(created));
        if (created == ERROR_INVALID_HANDLE) status.code = Code::kCannotCreate;
        return std::unexpected(std::move(status));
    }
    const CellView view(cell);
    if (!view.valid()) return std::unexpected(native_status("cannot map the name of " + what));
    if (created != ERROR_ALREADY_EXISTS) view.mark();
    if (!view.is_ours())
        return fail(Code::kCannotCreate, what + " is another program's object", Remedy::kOtherName);
    std::uint64_t holder = 0;
    // acq_rel: partners are the acquire load in look_up_name and the swap in unlink_name
    if (view.id().compare_exchange_strong(holder, id, std::memory_order_acq_rel)) return cell;
    // The holder's process may have died, and its object gone with it, while others look at the
    // name.
    if (!is_there(address.reach, holder) &&
        view.id().compare_exchange_strong(holder, id, std::memory_order_acq_rel))
        return cell;
    return fail(Code::kCannotCreate, "cannot create " + what + ": the name is taken");
}

Result<Handle> keep_name(const SectionAddress& address, std::uint64_t id) {
    auto cell = open_cell(address);
    if (!cell) return std::unexpected(cell.error());
    if (!cell->valid()) return Handle();
    const CellView view(*cell);
    if (!view.valid())
        return std::unexpected(native_status("cannot map the name of " + to_string(address)));
    if (!view.is_ours()) return not_ours(address);
    // acquire: partner is the compare-and-swap in link_name
    if (view.id().load(std::memory_order_acquire) != id) return Handle();
    return cell;
}

Result<void> unlink_name(const SectionAddress& address, std::uint64_t id) {
    TRY_ASSIGN(auto cell, open_cell(address));
    if (!cell.valid()) return {};
    const CellView view(cell);
    if (!view.valid())
        return std::unexpected(native_status("cannot map the name of " + to_string(address)));
    if (!view.is_ours()) return not_ours(address);
    // acq_rel: partner is the swap in link_name
    view.id().compare_exchange_strong(id, 0, std::memory_order_acq_rel);
    return {};
}

}  // namespace mapferry::inline v1::platform
