#!/bin/sh
# one_side_links.sh BUILD ROOT [COMPILER]: in a build by Ninja, the reader links with a library
# without the writing side's folders, and the writer with one without the reading side's. (The check
# include_direction makes sure that neither side includes the other's folders.) The reader, which
# encodes pictures, also links without the decoder of pictures.
set -eu

build=$1
root=$2
compiler="${3:-c++}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$build"

# link PROGRAM [OBJECT]: links as the build does, but with the libraries in $scratch, and into
# $scratch.
link() {
    ninja -t commands "bin/$1" | tail -n 1 |
        sed "s,lib/\(libmapferry[a-z_]*\.a\),$scratch/\1,g; s,-o bin/,${2:-} -o $scratch/," \
            >"$scratch/link.sh"
    sh "$scratch/link.sh"
}

# link_only KEPT DELETED CALL: CALL is a function of the deleted side. At the end this proves that
# the test can fail: a program that makes the call does not link.
link_only() {
    echo "== mapferry-$1 without lib/src/*/$2"
    cp lib/libmapferry.a lib/libmapferry_image.a "$scratch"
    # An object for each file, or for each folder (mapferry_compile_by_folder() in lib).
    for source in "$root"/lib/src/*/"$2"/*.cc; do
        ar d "$scratch/libmapferry.a" "$(basename "$source").o"
    done
    ar t "$scratch/libmapferry.a" | grep "_$2_cxx" | xargs -r ar d "$scratch/libmapferry.a"
    if ar t "$scratch/libmapferry.a" | grep -x "$2.cc.o\|.*_$2_cxx.*"; then exit 1; fi
    link "mapferry-$1"
    "$scratch/mapferry-$1" --version
    printf '#include <mapferry/%s.h>\nauto* reach_over = &mapferry::%s;\n' "$2" "$3" \
        >"$scratch/call.cc"
    "$compiler" -std=c++23 -I "$root/lib/include" -c "$scratch/call.cc" -o "$scratch/call.o"
    if link "mapferry-$1" "$scratch/call.o" >"$scratch/link.log" 2>&1; then
        echo "mapferry-$1 calls $3, which should not be there"
        exit 1
    fi
    if ! grep -q "undefined reference.*$3" "$scratch/link.log"; then
        tail -n 60 "$scratch/link.log"
        exit 1
    fi
}

link_only reader writer Writer::create
link_only writer reader Reader::open

echo "== mapferry-reader without the decoder"
cp lib/libmapferry.a lib/libmapferry_image.a "$scratch"
ar d "$scratch/libmapferry_image.a" stb_decoder.cc.o
link mapferry-reader
"$scratch/mapferry-reader" --version
# The writer decodes, which proves that the object is really gone.
if link mapferry-writer >"$scratch/link.log" 2>&1; then exit 1; fi
grep -q "undefined reference.*stb_decode" "$scratch/link.log"
