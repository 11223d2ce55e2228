#!/bin/sh
# run_check.sh CHECK ROOT: proves with the check's own examples that the check can find violations,
# then runs it on the tree at ROOT. Prints violations as `file:line: what`.
#
# checks/CHECK.sh defines two functions:
#   find_violations   prints the violations in the current folder, nothing when there are none
#   examples          calls, with a file's text on standard input:
#                         good PATH    a tree of this one file has no violation
#                         bad PATH     a tree of this one file has at least one
#                         also PATH    puts one more file into the next example's tree
set -eu

here=$(cd "$(dirname "$0")" && pwd)
check=$1
root=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/tree"
: >"$scratch/tried"

# Prints the sources of the current folder. FOLDER... narrows the list.
sources() {
    [ $# -gt 0 ] || set -- lib json capi cli writer reader console bridge data examples tests bench
    for folder in "$@"; do
        if [ ! -d "$folder" ]; then continue; fi
        find "$folder" -name '*.cc' -o -name '*.c' -o -name '*.h' -o -name '*.hpp'
    done | LC_ALL=C sort
}

# Prints scripts and build files.
scripts() {
    find . \( -name build -o -name .git \) -prune -o \
        \( -name '*.sh' -o -name '*.cmake' -o -name CMakeLists.txt -o -path ./run \) -print |
        sed 's|^\./||' | LC_ALL=C sort
}

also() {
    mkdir -p "$scratch/tree/$(dirname "$1")"
    cat >"$scratch/tree/$1"
}

# try KIND PATH: finds the violations in the example's tree, then empties the tree.
try() {
    also "$2"
    echo "$1" >>"$scratch/tried"
    (cd "$scratch/tree" && find_violations) >"$scratch/found"
    rm -rf "$scratch/tree"
    mkdir "$scratch/tree"
}

good() {
    try good "$1"
    if [ -s "$scratch/found" ]; then
        echo "$check: finds fault with example $(wc -l <"$scratch/tried"), a good $1:"
        cat "$scratch/found"
        exit 1
    fi
}

bad() {
    try bad "$1"
    if [ ! -s "$scratch/found" ]; then
        echo "$check: finds no fault in example $(wc -l <"$scratch/tried"), a bad $1"
        exit 1
    fi
}

# shellcheck source=/dev/null
. "$here/checks/$check.sh"
examples
if ! grep -q good "$scratch/tried" || ! grep -q bad "$scratch/tried"; then
    echo "$check: needs a good and a bad example"
    exit 1
fi

cd "$root"
find_violations >"$scratch/found"
if [ -s "$scratch/found" ]; then
    cat "$scratch/found"
    exit 1
fi
