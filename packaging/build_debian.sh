#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build_debian.sh TREE OUT [arm64]: builds the Debian packages of TREE, an unpacked source tarball
# that becomes theirs, and puts the .deb files into OUT. Ends with an error when lintian finds
# errors or warnings. arm64: the programs and the library for that processor, without the packages
# that need libraries of other projects. SOURCE_DATE_EPOCH: the time of the files.
set -eu

tree=$(cd "$1" && pwd)
out=$(cd "$2" && pwd)
cp -R "$tree/packaging/debian" "$tree/debian"

version=$(sed -n 's/^project(mapferry VERSION \([0-9.]*\).*/\1/p' "$tree/CMakeLists.txt")
if [ "$(cd "$tree" && dpkg-parsechangelog -S Version)" != "$version" ]; then
    echo "build_debian.sh: packaging/debian/changelog is not for version $version" >&2
    exit 1
fi

# The flags of whoever calls this would go into the packages, and so would the name of the locale.
unset CFLAGS CXXFLAGS CPPFLAGS LDFLAGS DESTDIR
cd "$tree"
export LC_ALL=C.UTF-8 TZ=UTC
if [ -z "${3:-}" ]; then
    dpkg-buildpackage --build=binary --no-sign
else
    # The manual pages and the completions come from the programs, so these run under QEMU. All
    # that they need of other projects are headers, which this system has.
    scripts/with_emulator.sh aarch64-linux-gnu dpkg-buildpackage --build=any --no-sign \
        --host-arch "$3" --build-profiles=cross,nocheck,pkg.mapferry.core --no-check-builddeps
fi
cd ..
# The project has no mail address, so the maintainer's is not a real one.
lintian --allow-root --suppress-tags bogus-mail-host,bogus-mail-host-in-debian-changelog \
    --fail-on error,warning --tag-display-limit 0 mapferry_*.changes
mv ./*.deb "$out"
