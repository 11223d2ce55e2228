#!/bin/sh
# plugin_symbols.sh PLUGIN SECTION: a shared object with the library inside can be loaded and works,
# and shows no symbol of the library: two plugins with two versions of it in one process must not
# meet. (Weak symbols are templates and inline functions, which the plugin's own sources make.)
set -eu

plugin=$1
section=$2
shown=$(nm -D --defined-only "$plugin" | awk '$2 ~ /^[TDBRGSi]$/ { print $3 }')
echo "$shown" | grep -qx plugin_send_to_itself
if [ "$shown" != plugin_send_to_itself ]; then
    echo "$plugin shows more than its own function:"
    echo "$shown" | grep -vx plugin_send_to_itself | head -n 20
    exit 1
fi
python3 -c '
import ctypes, sys
send = ctypes.CDLL(sys.argv[1]).plugin_send_to_itself
result = send(sys.argv[2].encode(), b"hello")
assert result == 0, f"step {result} failed"
' "$plugin" "$section"
