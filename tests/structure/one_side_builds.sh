#!/bin/sh
# one_side_builds.sh ROOT [COMPILER]: in copies of the tree, the reader builds without writer/ and
# lib/src/writer.cc, and the writer without reader/ and lib/src/reader.cc.
set -eu

root=$1
export CXX="${2:-c++}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The tree as git would take it; without git, everything but builds.
copy_tree() {
    mkdir "$1"
    cd "$root"
    if git ls-files -co --exclude-standard >"$scratch/list" 2>/dev/null; then
        while read -r file; do
            if [ -e "$file" ]; then echo "$file"; fi
        done <"$scratch/list" >"$scratch/present"
        tar -cf - -T "$scratch/present" | tar -xf - -C "$1"
    else
        tar -cf - --exclude=./build --exclude=./.git . | tar -xf - -C "$1"
    fi
}

# build_only KEPT DELETED CALL: CALL is a function of the deleted side. Proves at the end that the
# test can fail: a program that makes the call does not link.
build_only() {
    tree=$scratch/$1
    copy_tree "$tree"
    cd "$tree"
    rm -r "$2" "lib/src/$2.cc"
    echo "== mapferry-$1 without $2/ and lib/src/$2.cc"
    cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
        >configure.log 2>&1 || show configure.log
    cmake --build build -j2 --target "mapferry-$1" >build.log 2>&1 || show build.log
    "build/bin/mapferry-$1" --version
    printf '#include <mapferry/%s.h>\nauto* reach_over = &mapferry::%s;\n' "$2" "$3" \
        >>"$1/$1_main.cc"
    if cmake --build build -j2 --target "mapferry-$1" >build.log 2>&1; then
        echo "mapferry-$1 calls $3, which should not be there"
        exit 1
    fi
    grep -q "undefined reference.*$3" build.log || show build.log
    cd "$root"
    rm -rf "$tree"
}

show() {
    tail -n 60 "$1"
    exit 1
}

build_only reader writer Writer::create
build_only writer reader Reader::open
