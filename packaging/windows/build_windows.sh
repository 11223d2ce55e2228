#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build_windows.sh TREE BITS FOLDER OUT: builds TREE, an unpacked source tarball, for Windows with
# BITS 64 or 32. FOLDER becomes what the ZIP and the installer have in them: programs, DLL, import
# libraries for GNU's and Microsoft's linker, headers, static libraries for mingw-w64. The ZIP and
# the installer go into OUT. SOURCE_DATE_EPOCH: the time of the files.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$1" && pwd)
bits=$2
mkdir -p "$3" "$4"
folder=$(cd "$3" && pwd)
out=$(cd "$4" && pwd)
case $bits in
    64) preset=mingw-x64 ;;
    32) preset=mingw-x86 ;;
esac
version=$(sed -n 's/^project(mapferry VERSION \([0-9.]*\).*/\1/p' "$tree/CMakeLists.txt")
name=mapferry-$version-win$bits

# Without assertions no path of a source is in the code. The linker writes no time.
build() {
    cd "$tree"
    cmake --preset "$preset" -D CMAKE_BUILD_TYPE=Release -D MAPFERRY_TESTS=OFF \
        -D MAPFERRY_WERROR=OFF -D CMAKE_EXE_LINKER_FLAGS="-static -Wl,--no-insert-timestamp" \
        -D CMAKE_SHARED_LINKER_FLAGS="-Wl,--no-insert-timestamp"
    cmake --build --preset "$preset" --target mapferry-front \
        mapferry-writer mapferry-reader mapferry_c mapferry_c_static
    # Not through the target `install`, which would build the examples, too.
    cmake --install "build/$preset" --prefix "$folder" --strip
    test -f "$folder/lib/mapferry.lib" # llvm-dlltool makes it
}

# The binaries have code of these packages inside, whose licences ask to be shown.
licenses() {
    mkdir -p "$folder/licenses"
    for package in libxxhash-dev libstb-dev libcli11-dev libfmt-dev nlohmann-json3-dev \
        mingw-w64-common gcc-mingw-w64-base; do
        cp "/usr/share/doc/$package/copyright" "$folder/licenses/$package.txt"
    done
    cp "$tree/LICENSE" "$folder/LICENSE.txt"
}

documents() {
    mkdir -p "$folder/doc"
    for page in c cli json library pixel_formats porting python recipes; do
        cp "$tree/docs/$page.md" "$folder/doc"
    done
    for language in pascal foxpro; do
        [ ! -d "$tree/$language" ] || cp -R "$tree/$language" "$folder"
    done
}

installer() {
    # The uninstaller removes what was installed and nothing else.
    # shellcheck disable=SC2016 # $INSTDIR is makensis's
    (cd "$folder" && find . -type f | LC_ALL=C sort | sed 's,^\./,,; s,/,\\,g;
        s,.*,Delete "$INSTDIR\\&",') >"$folder.nsh"
    # shellcheck disable=SC2016
    (cd "$folder" && find . -mindepth 1 -type d | LC_ALL=C sort -r | sed 's,^\./,,; s,/,\\,g;
        s,.*,RMDir "$INSTDIR\\&",') >>"$folder.nsh"
    makensis -V2 -NOCD -DVERSION="$version" -DBITS="$bits" -DFOLDER="$folder" \
        -DREMOVALS="$folder.nsh" -DOUT="$out/$name-setup.exe" "$here/installer.nsi"
}

build
licenses
documents
chmod -R u=rwX,go=rX "$folder"
find "$folder" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
installer
cd "$(dirname "$folder")"
rm -rf "$name" "$out/$name.zip"
cp -a "$folder" "$name"
find "$name" | LC_ALL=C sort | zip -X -q -9 -@ "$out/$name.zip"
