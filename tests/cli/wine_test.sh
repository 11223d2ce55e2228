#!/bin/sh
# wine_test.sh READER: a Windows program keeps its exit code under Wine, also when its end takes
# longer than the half second after which Wine's server wants it killed, and when its exit handlers
# would never return.
set -eu

wine=$(dirname "$0")/../../scripts/wine.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# strace follows what the first program under Wine starts: the server would never end.
"$wine" --start

# expect_64 WHAT COMMAND...: the command ends with 64. The time is a watchdog's: with strace each
# of the script's own processes ends 2 s late, too.
expect_64() {
    what=$1
    shift
    code=0
    timeout 50 "$@" --no-such-option 2>/dev/null || code=$?
    if [ "$code" -ne 64 ]; then
        echo "$what: exit $code instead of 64"
        exit 1
    fi
}

echo "== exit handlers that never return"
cat >"$scratch/hang.c" <<'END'
#include <string.h>
#include <unistd.h>
__attribute__((destructor)) static void hang(void) {
    char path[512] = "";
    if (readlink("/proc/self/exe", path, sizeof path - 1) < 0) return;
    if (strstr(path, "wine") == NULL) return; /* a tool of wine.sh */
    while (1) pause();
}
END
cc -shared -fPIC -o "$scratch/hang.so" "$scratch/hang.c"
expect_64 "a program whose exit handlers hang" env LD_PRELOAD="$scratch/hang.so" "$1"

echo "== a slow end"
if ! strace true 2>/dev/null; then
    echo "skipped: this system allows no strace"
    exit 125
fi
start_s=$(date +%s)
expect_64 "a program that ends slowly" strace -f -o /dev/null -e trace=exit_group \
    -e inject=exit_group:delay_enter=2000000 "$1"
end_s=$(date +%s)
if [ $((end_s - start_s)) -lt 1 ]; then
    echo "strace delayed nothing"
    exit 1
fi
