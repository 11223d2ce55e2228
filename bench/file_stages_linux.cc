// SPDX-License-Identifier: Apache-2.0
// Stages of the system: read() and write() of cached files, fresh pages of shared memory, and a
// reader's first access to these pages.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memory>

#include "bench/frame_content.h"
#include "bench/spawn.h"
#include "bench/stage.h"

namespace mapferry::bench {

namespace {

constexpr const char* kTmpfs = "/dev/shm";
constexpr std::size_t kPageBytes = 4096;

// A nameless file whose pages are in the page cache.
class CachedFile {
  public:
    explicit CachedFile(const std::string& folder)
        : file_(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), folder),
          block_(kBlockBytes, std::byte{1}) {
        write_all();
    }
    void write_all() {
        for (std::size_t at = 0; at < kColdBytes; at += kBlockBytes)
            if (::pwrite(file_.get(), block_.data(), kBlockBytes, static_cast<off_t>(at)) !=
                static_cast<ssize_t>(kBlockBytes))
                give_up_for_errno("write");
    }
    void read_all() {
        for (std::size_t at = 0; at < kColdBytes; at += kBlockBytes)
            if (::pread(file_.get(), block_.data(), kBlockBytes, static_cast<off_t>(at)) !=
                static_cast<ssize_t>(kBlockBytes))
                give_up_for_errno("read");
    }

  private:
    Descriptor file_;
    std::vector<std::byte> block_;
};

void add_file(std::vector<Stage>& stages, const std::string& folder, const std::string& name) {
    // The file is made when it is first measured, and disappears with its last stage.
    const auto made = std::make_shared<std::unique_ptr<CachedFile>>();
    const auto file = [made, folder]() -> CachedFile& {
        if (*made == nullptr) *made = std::make_unique<CachedFile>(folder);
        return **made;
    };
    stages.push_back(
        {.case_name = "read() into a warm block", .way = name, .unit = "GB/s", .measure = [file] {
             CachedFile& cached = file();
             return gigabytes_per_second(kColdBytes, [&] { cached.read_all(); });
         }});
    stages.push_back({.case_name = "write() from a warm block, file overwritten",
                      .way = name,
                      .unit = "GB/s",
                      .measure = [file] {
                          CachedFile& cached = file();
                          return gigabytes_per_second(kColdBytes, [&] { cached.write_all(); });
                      }});
}

// Shared memory that has no pages yet.
class SharedMemory {
  public:
    SharedMemory() : object_(::memfd_create("mapferry-bench", MFD_CLOEXEC), "memfd_create") {
        if (::ftruncate(object_.get(), kColdBytes) != 0) give_up_for_errno("ftruncate");
    }
    [[nodiscard]] int get() const { return object_.get(); }

  private:
    Descriptor object_;
};

class View {
  public:
    View(const SharedMemory& memory, int protection)
        : bytes_(static_cast<std::byte*>(
              ::mmap(nullptr, kColdBytes, protection, MAP_SHARED, memory.get(), 0))) {
        if (bytes_ == MAP_FAILED) give_up_for_errno("mmap");
    }
    ~View() { ::munmap(bytes_, kColdBytes); }
    View(const View&) = delete;
    View& operator=(const View&) = delete;
    [[nodiscard]] std::byte* bytes() const { return bytes_; }

  private:
    std::byte* bytes_;
};

double ms_per_gib(std::int64_t ns) {
    return static_cast<double>(ns) / 1e6 * static_cast<double>(std::size_t{1} << 30) /
           static_cast<double>(kColdBytes);
}

std::int64_t write_pages_ns(const SharedMemory& memory) {
    const View view(memory, PROT_READ | PROT_WRITE);
    const std::int64_t began_ns = now_ns();
    for (std::size_t at = 0; at < kColdBytes; at += kPageBytes)
        view.bytes()[at] = std::byte{1};
    return now_ns() - began_ns;
}

enum class Look : std::uint8_t { kTouch, kPopulate };

double first_look(Look look) {
    const SharedMemory memory;
    (void)write_pages_ns(memory);
    const View view(memory, PROT_READ);
    const std::int64_t began_ns = now_ns();
    if (look == Look::kPopulate) {
#ifdef MADV_POPULATE_READ
        if (::madvise(view.bytes(), kColdBytes, MADV_POPULATE_READ) != 0) return 0;
#endif
    } else {
        int sum = 0;
        for (std::size_t at = 0; at < kColdBytes; at += kPageBytes)
            sum += std::to_integer<int>(view.bytes()[at]);
        benchmark::DoNotOptimize(sum);
    }
    return ms_per_gib(now_ns() - began_ns);
}

}  // namespace

void add_file_stages(std::vector<Stage>& stages, const std::string& disk) {
    add_file(stages, kTmpfs, "tmpfs");
    add_file(stages, disk, "disk, in the page cache");
}

void add_page_stages(std::vector<Stage>& stages) {
    const auto add = [&](const char* way, std::function<double()> measure) {
        stages.push_back({.case_name = "pages of shared memory",
                          .way = way,
                          .unit = "ms per GiB",
                          .measure = std::move(measure)});
    };
    add("writer's first touch of fresh pages",
        [] { return ms_per_gib(write_pages_ns(SharedMemory())); });
    add("reader's first touch", [] { return first_look(Look::kTouch); });
    add("reader's MADV_POPULATE_READ", [] { return first_look(Look::kPopulate); });
}

}  // namespace mapferry::bench
