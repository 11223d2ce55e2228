#!/bin/sh
# tidy.sh [FILE...]: checks the format of the sources and runs clang-tidy on them (default: all).
# Needs the compile commands of the preset tidy.
set -eu
cd "$(dirname "$0")/.."

list=$(mktemp)
trap 'rm -f "$list" "$list.compiled"' EXIT

if [ $# -gt 0 ]; then
    printf '%s\n' "$@" >"$list"
else
    find lib json capi cli writer reader console bridge gstreamer examples data tests bench \
        \( -name '*.cc' -o -name '*.h' -o -name '*.hpp' \) 2>/dev/null | LC_ALL=C sort >"$list"
fi
failed=0

echo "clang-format: $(wc -l <"$list") files"
xargs clang-format-19 --dry-run -Werror <"$list" || failed=1

# Headers are checked through the files that include them; files of the other operating system are
# not compiled here.
is_compiled() { grep -q "\"file\": \"$PWD/$1\"" build/tidy/compile_commands.json; }
grep '\.cc$' "$list" | while read -r file; do
    if is_compiled "$file"; then echo "$file"; fi
done >"$list.compiled"
echo "clang-tidy: $(wc -l <"$list.compiled") files"
# The compile commands are GCC's, and name warnings that clang does not know.
xargs -n 1 -P "$(nproc)" clang-tidy-19 -p build/tidy --quiet \
    --extra-arg=-Wno-unknown-warning-option <"$list.compiled" || failed=1

if [ "$failed" -ne 0 ]; then
    echo "tidy: failed" >&2
    exit 1
fi
echo "tidy: clean"
