#!/bin/sh
# clean_registers.sh FOLDER: in each program of the folder that is there, the hash kernels end with
# `vzeroupper`. A kernel that leaves the upper halves of the AVX registers in use makes all SSE2
# code after it several times slower. g++ 12 leaves it out where it optimises kernels of several
# units together at link time, and only in some programs, so the finished programs are looked at.
# Exit: 125 where there is nothing to look at.
set -eu

folder=$1
if ! command -v objdump >/dev/null; then
    echo "skipped: there is no objdump (package binutils)" >&2
    exit 125
fi

# find_kernels: names each function of the hash that uses wide registers; "dirty" if it does not
# clean them.
find_kernels() {
    awk '
        function close_function() {
            if (wide && returns && name ~ /XXH3|hash64|update128|value64|value128/)
                print (cleans ? "clean" : "dirty") " " name
            wide = returns = cleans = 0
        }
        /^[0-9a-f]+ <.*>:$/ { close_function(); name = $2 }
        /%[yz]mm/ { wide = 1 }
        /\tret/ { returns = 1 }
        /\tvzeroupper/ { cleans = 1 }
        END { close_function() }'
}

# The check can fail.
sample='0000 <XXH3_hashLong>:\n 1:\tvmovdqu64 (%%rdi),%%zmm1\n 2:\tret\n'
# shellcheck disable=SC2059
if [ "$(printf "$sample" | find_kernels)" != "dirty <XXH3_hashLong>:" ]; then
    echo "clean_registers.sh does not find a kernel without vzeroupper" >&2
    exit 1
fi

looked=0
failed=0
for program in mapferry mapferry-writer mapferry-reader mapferry-example-camera; do
    if [ ! -e "$folder/$program" ]; then continue; fi
    found=$(objdump -d --no-show-raw-insn "$folder/$program" | find_kernels)
    if [ -z "$found" ]; then continue; fi
    looked=$((looked + 1))
    if echo "$found" | grep '^dirty'; then
        echo "$program: these functions leave AVX registers in use"
        failed=1
    fi
done
if [ "$looked" -eq 0 ]; then
    echo "skipped: no program here has kernels that use AVX" >&2
    exit 125
fi
exit "$failed"
