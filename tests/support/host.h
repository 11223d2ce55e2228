// What tests need of the operating system besides processes.
#pragma once

#include <cstdint>
#include <string>

#include "mapferry/section.h"

namespace mapferry::testing {

// Permission checks do not bind the superuser.
[[nodiscard]] bool is_superuser();

// Lets new files keep exactly the permission bits that they ask for, less `mask`; puts the old mask
// back at its end. One at a time, no other threads.
class UmaskGuard {
  public:
    explicit UmaskGuard(std::uint32_t mask);
    ~UmaskGuard();
    UmaskGuard(const UmaskGuard&) = delete;
    UmaskGuard& operator=(const UmaskGuard&) = delete;

  private:
    std::uint32_t old_;
};

// The file in which a section's bytes can be changed from outside.
[[nodiscard]] std::string object_file(const SectionAddress& address);

// A named pipe.
void make_fifo(const std::string& path);

// Modification time and access time, to the nanosecond.
[[nodiscard]] std::int64_t mtime_unix_ns(const std::string& path);
void set_mtime_unix_ns(const std::string& path, std::int64_t unix_ns);

[[nodiscard]] std::uint32_t permission_bits(const std::string& path);
void set_permission_bits(const std::string& path, std::uint32_t bits);

}  // namespace mapferry::testing
