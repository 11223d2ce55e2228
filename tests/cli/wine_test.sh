#!/bin/sh
# wine_test.sh READER: a Windows program keeps its exit code under Wine, even when its end takes
# longer than the half second after which Wine's server wants it killed.
set -eu

if ! strace true 2>/dev/null; then
    echo "skipped: this system allows no strace"
    exit 125
fi
# strace follows what the first program under Wine starts: the server would never end.
"$(dirname "$0")/../../scripts/wine.sh" --start

start_s=$(date +%s)
code=0
strace -f -o /dev/null -e trace=exit_group -e inject=exit_group:delay_enter=2000000 \
    "$1" --no-such-option 2>/dev/null || code=$?
end_s=$(date +%s)
if [ "$code" -ne 64 ]; then
    echo "a program that ends slowly: exit $code instead of 64"
    exit 1
fi
if [ $((end_s - start_s)) -lt 1 ]; then
    echo "strace delayed nothing"
    exit 1
fi
