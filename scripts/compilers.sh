#!/bin/sh
# compilers.sh [NAME...]: compiles the library and the programs, warnings being errors, and runs the
# unit tests, with each compiler and C++ library of the list that is installed and that has what the
# code needs. Prints one line for each, and one for each that is not there. NAME: only these.
set -eu
cd "$(dirname "$0")/.."

results=$(mktemp)
trap 'rm -f "$results"' EXIT
failed=0

say() { printf '%-24s %s\n' "$1" "$2" | tee -a "$results"; }

# compile NAME COMPILER [FLAGS [PROGRAM_FLAGS]]: FLAGS are those of all sources and of linking.
compile() {
    name=$1
    compiler=$2
    folder=build/compilers/$(echo "$1" | tr , -) # a comma divides the linker's options
    log=$folder.log
    case " $chosen " in "  " | *" $name "*) ;; *) return 0 ;; esac
    if ! command -v "$compiler" >/dev/null; then
        say "$name" "not installed"
        return
    fi
    mkdir -p build/compilers
    if ! cmake -S . -B "$folder" -G Ninja -D CMAKE_BUILD_TYPE=RelWithDebInfo \
        -D "CMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -D_GLIBCXX_ASSERTIONS" \
        -D "CMAKE_CXX_COMPILER=$compiler" -D "CMAKE_CXX_FLAGS=${3:-}" -D MAPFERRY_WERROR=ON \
        -D MAPFERRY_BRIDGE=OFF -D MAPFERRY_TEST_LIBRARY_SOURCE=ON >"$log" 2>&1; then
        if grep -q 'has no std::expected' "$log"; then
            say "$name" "refused: no std::expected"
            return
        fi
        cat "$log" >&2
        say "$name" "FAILED to configure"
    elif ! cmake --build "$folder" -j2 --target programs mapferry_unit_tests >"$log" 2>&1; then
        grep -E 'error|FAILED' "$log" | head -n 40 >&2
        say "$name" "FAILED to compile"
    elif ! (cd "$folder" && ctest -j2 -L unit --output-on-failure) >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        say "$name" "FAILED tests"
    else
        say "$name" "compiled without warnings, $(grep -c ' Passed ' "$log") unit tests passed"
        return
    fi
    failed=1
}

chosen=$*
for version in 12 13 14; do compile "g++-$version" "g++-$version"; done
for version in 16 17 18 19; do compile "clang++-$version" "clang++-$version"; done
# A C++ library of its own, whose std::jthread is still an experiment (tests).
for version in 16 19; do
    if [ -d "/usr/lib/llvm-$version/include/c++/v1" ]; then
        compile "clang++-$version,libc++" "clang++-$version" "-stdlib=libc++ -fexperimental-library"
    else
        say "clang++-$version,libc++" "not installed"
    fi
done
echo "== compilers"
cat "$results"
exit "$failed"
