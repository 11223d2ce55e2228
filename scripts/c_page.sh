#!/bin/sh
# c_page.sh: prints docs/c.md, the reference of the C interface, from its headers.
set -eu

headers=$(cd "$(dirname "$0")/../lib/include/mapferry" && pwd)

cat <<'END'
# The C interface

This page is made from the headers by `scripts/c_page.sh`, and a test compares it with them. The
rules that hold for all calls come first. `MAPFERRY_API`, `MAPFERRY_CALL` and `MAPFERRY_NOEXCEPT`
are left out of the declarations.

END
{
    echo "=== Rules"
    cat "$headers/mapferry.h"
    while read -r name title; do
        echo "=== $title"
        cat "$headers/c/$name.h"
    done <<'END'
c_base Codes, handles and keys
c_library The library
c_frame_reader Reading frames
c_frame Frames
c_frame_writer Writing frames
c_image Pixels and picture files
c_buffer Buffers
c_transfer One payload in one call
c_reader Receiving payloads
c_writer Sending payloads
c_section Sections
END
} | awk -f "$(dirname "$0")/c_page.awk"
