// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace mapferry::cli {

// Makes the heap keep the memory that is freed, up to 32 MiB, for the next message. libnats takes
// each message from the heap, and libcurl the blocks of each request. glibc gives such large blocks
// back to the system at once, so that each page of the next one is a page fault. Call it before
// there are other threads. With another C library it does nothing.
void keep_freed_memory();

}  // namespace mapferry::cli
