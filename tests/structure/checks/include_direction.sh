# shellcheck shell=sh
# Includes go one way: programs -> public headers -> lib/src -> lib/src/platform -> the system.
# The writing and the reading side of the library never reach each other, not even through a third
# header; one translation unit sees xxHash and one sees stb.
find_violations() {
    list=$(sources)
    if [ -z "$list" ]; then return; fi
    # Names without blanks, passed as separate words on purpose.
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
    echo '#include "platform/platform.h"' | bad reader/main.cc
    echo '#include "section_view.h"' | also lib/src/ring.h
    also lib/src/section_view.h </dev/null
    echo '#include "section_view.h"' | bad reader/main.cc
    echo '#include "../lib/src/ring.h"' | bad writer/main.cc
    echo '#include "writer/options.h"' | bad reader/main.cc
    echo '#include <xxhash.h>' | bad writer/main.cc
    echo '#include "reader/options.h"' | bad cli/messages.cc
    echo '#include "cli/messages.h"' | bad lib/src/a.cc
    echo '#include <fmt/format.h>' | bad lib/src/a.cc
    echo '#include "platform/platform.h"' | good lib/src/a.cc
    echo '#include "platform/platform.h"' | bad lib/include/mapferry/a.h
    echo '#include "ring_writer.h"' | bad lib/src/platform/bell_linux.cc
    echo '#include <xxhash.h>' | good lib/src/hash_kernel.cc
    echo '#include <xxhash.h>' | bad lib/src/payload.cc
    echo '#include <stb/stb_image.h>' | bad lib/src/image.cc
    echo '#include "mapferry/reader.h"' | also lib/src/reader.cc
    also lib/include/mapferry/reader.h </dev/null
    echo '#include "mapferry/writer.h"' | good lib/src/writer.cc
    echo '#include "mapferry/reader.h"' | bad lib/src/send.cc
    echo '#include "mapferry/send.h"' | bad lib/include/mapferry/receive.h
    echo '#include "ring_writer.h"' | also lib/src/shared.h
    also lib/src/ring_writer.h </dev/null
    echo '#include "shared.h"' | bad lib/src/ring_reader.cc
}
