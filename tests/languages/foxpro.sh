#!/bin/sh
# foxpro.sh ROOT BUILD RUN: what foxpro/sharedmemory.prg declares is what mapferry.dll has for 32
# bits: for each DECLARE, 4 bytes for each argument are the bytes that the function takes off the
# stack (capi/mapferry_x86.def), and every function that the class calls is declared.
# With BUILD, that of 32-bit Windows, also compiles a caller that pushes what FoxPro pushes, and,
# where RUN (scripts/wine.sh) can run 32-bit programs, runs it. No FoxPro is needed, or used.
set -eu

root=$1
build=${2-}
run=${3-}
program=$root/foxpro/sharedmemory.prg
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Lines that end with ; go on in the next one.
sed -e ':more' -e '/;$/{N;s/;\n */ /;b more' -e '}' "$program" >"$folder/lines"
awk '$1 == "DECLARE" {
    sub(/^ *DECLARE +((INTEGER|STRING) +)?/, "")
    name = $1
    if ($2 != "IN" || $3 != "mapferry.dll") { print "bad DECLARE: " $0; exit 1 }
    sub(/^.*mapferry\.dll */, "")
    count = $0 == "" ? 0 : split($0, words, ",")
    for (i = 1; i <= count; ++i)
        if (words[i] !~ /^ *(INTEGER|STRING)( @)? *$/) { print "bad type: " words[i]; exit 1 }
    print "    " name "@" 4 * count
}' "$folder/lines" | LC_ALL=C sort >"$folder/declared"
test "$(wc -l <"$folder/declared")" -ge 8
LC_ALL=C sort "$root/capi/mapferry_x86.def" >"$folder/exported"
LC_ALL=C comm -23 "$folder/declared" "$folder/exported" >"$folder/wrong"
if [ -s "$folder/wrong" ]; then
    echo "declared with other arguments than the library has:" && cat "$folder/wrong"
    exit 1
fi
grep -o 'mapferry_[a-z_]*(' "$program" | tr -d '(' | LC_ALL=C sort -u >"$folder/called"
sed 's/ *\(.*\)@.*/\1/' "$folder/declared" | LC_ALL=C sort -u >"$folder/names"
diff "$folder/called" "$folder/names"

if [ -z "$build" ]; then exit 0; fi
i686-w64-mingw32-gcc -std=c99 -Wall -Wextra -Werror -O1 -static \
    "$root/tests/languages/foxpro_caller_win32.c" -o "$folder/caller.exe"
cp "$build/capi/mapferry.dll" "$folder"
if [ -z "$run" ] || [ ! -x /usr/lib/wine/wine ]; then
    echo "compiled, and not run: there is no 32-bit Wine"
    exit 0
fi
timeout 90 "$run" "$folder/caller.exe" "foxpro-$$-$(date +%N)" | tr -d '\r' | tee "$folder/out"
grep -q "^9 calls, stack balanced" "$folder/out"
