#!/bin/sh
# run_tests.sh FOLDER BUILD RESULTS PROGRAM...: runs tests that were built for Arm64 on a machine
# of their own, under QEMU: FOLDER has its kernel (fetch_kernel.sh), BUILD is the build's folder,
# PROGRAM lies in BUILD/tests, and may have options. The tests find their files where they are here.
# RESULTS gets the counts, as the head of a JUnit file.
set -eu

here=$(dirname "$0")
folder=$1
build=$(cd "$2" && pwd)
root=$(cd "$here/../.." && pwd)
results=$3
shift 3
sysroot=/usr/aarch64-linux-gnu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
image=$scratch/image

mkdir -p "$image/bin" "$image/etc" "$image/lib" "$image$build" "$image$root/tests" \
    "$image$root/docs"
cp "$folder/busybox" "$image/bin/busybox"
cp "$here/init.sh" "$image/init"
chmod +x "$image/init"
echo 'user:x:1000:1000::/tmp:/bin/sh' >"$image/etc/passwd"
echo 'root:x:0:0::/tmp:/bin/sh' >>"$image/etc/passwd"
echo 'user:x:1000:' >"$image/etc/group"
cp "$sysroot"/lib/*.so* "$image/lib"
cp -r "$root/data" "$image$root/data"
cp -r "$root/tests/golden" "$image$root/tests/golden"
cp "$root"/docs/*.md "$image$root/docs"
cp -r "$build/bin" "$image$build/bin"
(cd "$build" && find tests -type f \( -perm -1 -o -name '*.so' \) -print0 |
    cpio -0pdm --quiet "$image$build")
find "$image$build" "$image/lib" -type f -exec aarch64-linux-gnu-strip {} \; 2>/dev/null || true
for program in "$@"; do echo "$build/tests/$program" >>"$image/tests.list"; done
(cd "$image" && find . -print0 | cpio -0o -H newc --quiet | gzip -1) >"$scratch/image.gz"

# `max` has 16 KiB pages and one-instruction atomic accesses; its own signing of pointers is slow.
timeout 3000 qemu-system-aarch64 -machine virt -cpu max,pauth-impdef=on -smp 2 -m 4G -nic none \
    -nographic -no-reboot -kernel "$folder/vmlinuz" -initrd "$scratch/image.gz" \
    -append "console=ttyAMA0 quiet panic=-1" </dev/null |
    stdbuf -oL tr -d '\r' | tee "$scratch/output"

# A program that does not come to its end counts as a failed test.
awk '
    /^machine: begin/ { ++begun }
    /^machine: end [01]$/ { ++ended }
    /^machine: done/ { done = 1 }
    /^\[  PASSED  \] [0-9]+ test/ { passed += $4 }
    /^\[  SKIPPED \] [0-9]+ test/ { skipped += $4 }
    /^\[  FAILED  \] .* ms\)$/ { ++failed }
    END {
        failed += begun - ended + !done
        printf "<testsuite tests=\"%d\" failures=\"%d\" skipped=\"%d\">\n",
            passed + failed + skipped, failed, skipped
        exit failed > 0
    }' "$scratch/output" >"$results"
