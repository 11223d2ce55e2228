# shellcheck shell=sh
# Includes go one way: programs -> public headers -> lib/src, and within lib/src from a folder to
# those of a lower level (docs/ARCHITECTURE.md). The folders of the writing and the reading side
# never include each other. Only one translation unit includes xxHash, and only one includes stb.
find_violations() {
    list=$(sources)
    if [ -z "$list" ]; then return; fi
    # The names have no blanks and are passed as separate words on purpose.
    # shellcheck disable=SC2086,SC2154
    awk -f "$here/includes.awk" $list
}

examples() {
    also reader/options.h </dev/null
    good reader/main.cc <<'END'
#include <mapferry/reader.h>
#include <fmt/format.h>
#include "cli/messages.h"
#include "options.h"
END
    also lib/src/ring/bell.h </dev/null
    echo '#include "ring/bell.h"' | bad reader/main.cc
    echo '#include "../lib/src/ring/bell.h"' | bad writer/main.cc
    echo '#include "writer/options.h"' | bad reader/main.cc
    echo '#include "console/commands.h"' | bad writer/main.cc
    echo '#include "reader/reader_program.h"' | good console/commands.cc
    echo '#include "reader/reader_program.h"' | bad console/look/a.cc
    echo '#include "reader/target.h"' | bad console/commands.cc
    echo '#include "console/look/a.h"' | good console/commands.cc
    echo '#include "console/look/a.h"' | good console/look/a.cc
    echo '#include "console/look/a.h"' | bad console/doctor/a.cc
    echo '#include "console/commands.h"' | good console/doctor/a.cc
    echo '#include "console/look/a.h"' | good console/serve/a.cc
    echo '#include "console/serve/a.h"' | bad console/look/a.cc
    echo '#include "bridge/kept/object_store.h"' | good bridge/nats/a.cc
    echo '#include "bridge/nats/nats_objects.h"' | bad bridge/kept/a.cc
    echo '#include "bridge/nats/nats_objects.h"' | bad bridge/s3/a.cc
    echo '#include "bridge/bridge_program.h"' | bad console/commands.cc
    echo '#include "console/commands.h"' | bad cli/messages.cc
    echo '#include "console/commands.h"' | bad lib/src/base/a.cc
    echo '#include <xxhash.h>' | bad writer/main.cc
    echo '#include "reader/options.h"' | bad cli/messages.cc
    echo '#include "cli/messages.h"' | bad lib/src/base/a.cc
    echo '#include <fmt/format.h>' | bad lib/src/base/a.cc
    echo '#include <xxhash.h>' | good lib/src/base/hash_kernel.cc
    echo '#include <xxhash.h>' | bad lib/src/format/payload.cc
    echo '#include <stb/stb_image.h>' | bad lib/src/image/image.cc
    also lib/src/platform/wake.h </dev/null
    echo '#include "platform/wake.h"' | good lib/src/section/a.cc
    also lib/src/platform/wake.h </dev/null
    echo '#include "platform/wake.h"' | bad lib/include/mapferry/a.h
    also lib/src/platform/wake.h </dev/null
    echo '#include "platform/wake.h"' | bad lib/src/format/a.cc
    also lib/src/platform/linux/paths_linux.h </dev/null
    echo '#include "platform/linux/paths_linux.h"' | good lib/src/platform/linux/a_linux.cc
    also lib/src/ring/ring_writer.h </dev/null
    echo '#include "ring/ring_writer.h"' | bad lib/src/platform/linux/bell_linux.cc
    also lib/src/frames/frame_ring.h </dev/null
    echo '#include "frames/frame_ring.h"' | bad lib/src/stream/a.cc
    # JSON and the C interface stand on the public headers.
    echo '#include "json/section_json.h"' | good capi/c_section.cc
    echo '#include "json/section_json.h"' | good cli/messages.cc
    echo '#include "capi/c_call.h"' | good capi/c_section.cc
    echo '#include "capi/c_call.h"' | bad json/section_json.cc
    echo '#include "capi/c_call.h"' | bad console/commands.cc
    echo '#include "cli/messages.h"' | bad capi/c_section.cc
    echo '#include "cli/messages.h"' | bad json/section_json.cc
    echo '#include "json/section_json.h"' | bad lib/src/base/a.cc
    echo '#include "mapferry/c/c_base.h"' | good lib/include/mapferry/mapferry.h
    echo '#include "mapferry/status.h"' | bad lib/include/mapferry/c/c_base.h
    echo '#include "mapferry/mapferry.h"' | bad lib/src/base/a.cc
    # The C++17 interface stands on the C interface alone.
    echo '#include "mapferry/mapferry.h"' | good lib/include/mapferry/cpp17/a.h
    echo '#include "mapferry/cpp17/a.h"' | good lib/include/mapferry/mapferry.hpp
    echo '#include "mapferry/status.h"' | bad lib/include/mapferry/cpp17/a.h
    echo '#include "mapferry/mapferry.hpp"' | bad lib/src/base/a.cc
    echo '#include "hall/a.h"' | also lib/src/base/a.cc
    bad lib/src/hall/a.h </dev/null
    # A public header belongs to the folder of its source.
    also lib/include/mapferry/reader.h </dev/null
    echo '#include "mapferry/reader.h"' | also lib/src/stream/reader/reader.cc
    good lib/src/stream/reader/arrival.cc </dev/null
    also lib/src/stream/reader/reader.cc </dev/null
    echo '#include "mapferry/reader.h"' | also lib/src/transfer/writer/send.cc
    bad lib/include/mapferry/reader.h </dev/null
    also lib/src/stream/reader/reader.cc </dev/null
    echo '#include "mapferry/reader.h"' | also lib/src/section/section.cc
    bad lib/include/mapferry/reader.h </dev/null
    also lib/src/stream/reader/reader.cc </dev/null
    echo '#include "mapferry/reader.h"' | also lib/src/inspect/verify.cc
    good lib/include/mapferry/reader.h </dev/null
    also lib/src/stream/writer/writer.cc </dev/null
    also lib/include/mapferry/writer.h </dev/null
    echo '#include "mapferry/writer.h"' | bad lib/src/stream/reader/a.cc
}
