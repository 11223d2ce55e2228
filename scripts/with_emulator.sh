#!/bin/sh
# with_emulator.sh TRIPLE COMMAND [ARG...]: runs a command where programs for Linux on Arm start
# like native ones, under QEMU, and so do the programs that they start. TRIPLE: aarch64-linux-gnu
# or arm-linux-gnueabihf, whose shared libraries are found, or i386-linux-gnu. A kernel that runs
# programs for 32-bit x86 itself needs no QEMU for them; not every kernel does.
#
# The machine itself is left as it is: the kernel learns of QEMU in a user namespace of the
# command's own (Linux 6.7). Where the machine already runs such programs, nothing is needed.
# Exit: that of COMMAND, or 69 where neither works.
set -eu

triple=$1
shift
case $triple in
    aarch64-linux-gnu) wanted=qemu-aarch64 ;;
    arm-linux-gnueabihf) wanted=qemu-arm ;;
    i386-linux-gnu) wanted=qemu-i386 ;;
    *)
        echo "with_emulator.sh: no such system: $triple" >&2
        exit 64
        ;;
esac
kernel_runs_i386() { /lib/ld-linux.so.2 --version >/dev/null 2>&1; }
case $wanted in
    qemu-i386) ;; # its libraries lie where they would without QEMU
    *)
        QEMU_LD_PREFIX=/usr/$triple
        export QEMU_LD_PREFIX
        ;;
esac
if [ -n "${MAPFERRY_EMULATOR_IS_SET:-}" ]; then exec "$@"; fi
MAPFERRY_EMULATOR_IS_SET=1
export MAPFERRY_EMULATOR_IS_SET
if [ "$wanted" = qemu-i386 ] && kernel_runs_i386; then exec "$@"; fi
# The tests leave out what QEMU does not emulate.
MAPFERRY_TEST_EMULATOR=qemu
export MAPFERRY_TEST_EMULATOR
if grep -qsx enabled "/proc/sys/fs/binfmt_misc/$wanted"; then exec "$@"; fi

if ! command -v "$wanted-static" >/dev/null; then
    echo "with_emulator.sh: there is no $wanted-static (package qemu-user-static)" >&2
    exit 69
fi

# rule EMULATOR CLASS MACHINE: QEMU's own rule, by the class and the processor in the head of an ELF
# file, with the mask that lets any ABI and shared objects pass (binfmt_misc in the kernel's
# documents). F: the file is opened now, so that it is found under any root; P: a program's first
# argument stays as it is.
rule() {
    path=$(command -v "$1-static") || return 0
    zeros='\x00\x00\x00\x00\x00\x00\x00\x00\x00'
    mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
    printf '%s\n' ":$1:M::\\x7fELF\\x0$2\\x01\\x01$zeros\\x02\\x00\\x$3\\x00:$mask:$path:PF"
}
rules=$(rule qemu-aarch64 2 b7 && rule qemu-arm 1 28)
if ! kernel_runs_i386; then rules=$(echo "$rules" && rule qemu-i386 1 03); fi

# in_namespace USER GROUP COMMAND...: the second namespace gives the command its own numbers again.
# shellcheck disable=SC2016
in_namespace() {
    unshare --user --map-root-user --mount sh -euc '
        rules=$1 user=$2 group=$3
        shift 3
        mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
        printf "%s\n" "$rules" |
            while read -r rule; do printf %s "$rule" >/proc/sys/fs/binfmt_misc/register; done
        if [ "$user" -eq 0 ]; then exec "$@"; fi
        exec unshare --user --map-user="$user" --map-group="$group" "$@"
    ' sh "$rules" "$@"
}

if ! in_namespace "$(id -u)" "$(id -g)" true 2>/dev/null; then
    echo "with_emulator.sh: this kernel takes no rule for QEMU in a user namespace (Linux 6.7" \
        "does); the package binfmt-support makes one for the whole machine" >&2
    exit 69
fi
in_namespace "$(id -u)" "$(id -g)" "$@"
