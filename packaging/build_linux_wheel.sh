#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build_linux_wheel.sh TREE DEV_DEB OUT [TRIPLE]: builds the wheel for Linux of TREE, an unpacked
# source tarball. Its library has the C++ library inside, and is linked from the archives in
# DEV_DEB, the package libmapferry-dev, so the code of both is the same. TRIPLE: of a cross
# compiler, where DEV_DEB is for another processor.
set -eu

tree=$(cd "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
dpkg-deb -x "$2" "$scratch/dev"
archives=$(dirname "$(find "$scratch/dev" -name libmapferry_c.a)")
library=$scratch/libmapferry.so.0
# Without its unused parts the C++ library needs glibc 2.35, and not 2.36 (std::random_device).
"${4:+$4-}g++" -shared -o "$library" -Wl,-soname,libmapferry.so.0 \
    -Wl,--version-script="$tree/capi/mapferry.map" -Wl,-z,relro,-z,now,-z,defs \
    -static-libstdc++ -static-libgcc -Wl,--gc-sections,--build-id=none \
    -Wl,--whole-archive "$archives/libmapferry_c.a" -Wl,--no-whole-archive \
    "$archives/libmapferry_image.a" "$archives/libmapferry.a"
if objdump -T "$library" | grep 'GLIBC_2\.\(3[6-9]\|[4-9][0-9]\)'; then
    echo "build_linux_wheel.sh: the library needs a newer glibc than the wheel's name says" >&2
    exit 1
fi
"$tree/python/build_wheel.sh" "${4:-linux}" "$3" "$library"
