#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# package.sh OUT WORK [PART...]: builds the packages of the last commit into the folder OUT, with
# their sums in SHA256SUMS. The parts are source, debian, arm64, windows and wheels: all of them
# where none is named. wheels makes one for each of the others that was built. WORK is a folder for
# the builds, which is emptied.
# Two builds of one commit are equal, wherever they are made: all times are those of the commit.
#   package.sh --is-current OUT   succeeds when OUT has the packages of the last commit
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
version=$(sed -n 's/^project(mapferry VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")
name=mapferry-$version
source_tarball() {
    git -C "$root" -c tar.umask=0022 archive --format=tar --prefix="$name/" HEAD | gzip -9n
}

if [ "$1" = --is-current ]; then
    [ -f "$2/SHA256SUMS" ] || exit 1
    sum=$(source_tarball | sha256sum | cut -d ' ' -f 1)
    grep -qx "$sum  $name.tar.gz" "$2/SHA256SUMS"
    exit
fi

mkdir -p "$1"
out=$(cd "$1" && pwd)
rm -rf "$2"
mkdir -p "$2"
work=$(cd "$2" && pwd)
shift 2
[ $# -gt 0 ] || set -- source debian arm64 windows wheels

if ! git -C "$root" rev-parse --verify -q HEAD >/dev/null; then
    echo "package.sh: error: $root has no git history" >&2
    echo "package.sh: hint: packages are made of a commit, so clone the repository" >&2
    exit 69
fi
if [ -n "$(git -C "$root" status --porcelain --untracked-files=no)" ]; then
    echo "package.sh: changes that are not committed are not in the packages" >&2
fi
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C.UTF-8
# The Python that has the distribution's packages, also where PATH has another one.
PYTHON=${PYTHON:-/usr/bin/python3}
export PYTHON
# These would go into what is built.
unset CFLAGS CXXFLAGS CPPFLAGS LDFLAGS DESTDIR
umask 022
rm -f "$out"/*mapferry* "$out/SHA256SUMS"

source_tarball >"$work/$name.tar.gz"

# unpack FOLDER: the source tarball in $work/FOLDER. Prints its path.
unpack() {
    mkdir -p "$work/$1"
    tar xzf "$work/$name.tar.gz" -C "$work/$1"
    echo "$work/$1/$name"
}

# log NAME COMMAND...: prints the command's output when it fails.
logged() {
    log=$work/$1.log
    shift
    "$@" >"$log" 2>&1 && return
    tail -n 60 "$log" >&2
    echo "package.sh: error: $1 failed; its output is in $log" >&2
    exit 1
}

# On a machine of that kind these are the packages that `debian` makes.
build_arm64() {
    [ "$(dpkg --print-architecture)" != arm64 ] || return 0
    logged arm64 "$here/build_debian.sh" "$(unpack arm64)" "$out" arm64
}

build_windows() {
    for bits in 64 32; do
        logged "windows$bits" "$here/windows/build_windows.sh" "$(unpack "windows$bits")" \
            "$bits" "$work/win$bits" "$out"
    done
}

build_wheels() {
    tree=$(unpack wheels)
    logged wheel-linux "$here/build_linux_wheel.sh" "$tree" \
        "$out/libmapferry-dev_${version}_$(dpkg --print-architecture).deb" "$out"
    arm64=$out/libmapferry-dev_${version}_arm64.deb
    [ ! -d "$work/arm64" ] || logged wheel-arm64 \
        "$here/build_linux_wheel.sh" "$tree" "$arm64" "$out" aarch64-linux-gnu
    for bits in 64 32; do
        [ ! -f "$work/win$bits/bin/mapferry.dll" ] || logged "wheel-win$bits" \
            "$tree/python/build_wheel.sh" "win$bits" "$out" "$work/win$bits/bin/mapferry.dll"
    done
}

for part in "$@"; do
    echo "package: $part"
    case $part in
        source) cp "$work/$name.tar.gz" "$out" ;;
        debian) logged debian "$here/build_debian.sh" "$(unpack debian)" "$out" ;;
        arm64) build_arm64 ;;
        windows) build_windows ;;
        wheels) build_wheels ;;
        *)
            echo "package.sh: no such part: $part" >&2
            exit 64
            ;;
    esac
done

cd "$out"
sha256sum -- *mapferry* >SHA256SUMS
cat SHA256SUMS
