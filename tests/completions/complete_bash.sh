#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# complete_bash.sh SCRIPTS LINE: prints what a person sees who types LINE and asks bash for its
# completions, one a line. A real bash runs at a terminal: M-* inserts all completions into the
# line, and the programs are functions there that print their arguments.
scripts=$1
line=$2
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cat >"$home/rc" <<END
PS1='' PS2=''
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
stty -echo
source '$scripts/bash/mapferry'
mapferry() { printf '\n[%s]' "\$@"; printf '\n'; }
mapferry-writer() { mapferry "\$@"; }
mapferry-reader() { mapferry "\$@"; }
mapferry-bridge() { mapferry "\$@"; }
END

# The words of LINE that were complete before are no completions, nor is the one that was not
# completed.
read -ra words <<<"$line"
typed=""
if [[ $line != *' ' ]]; then typed=${words[-1]}; fi
known=$((${#words[@]} - 1))
if [ -n "$typed" ]; then known=$((known - 1)); fi

{
    printf '%s\033*\n' "$line"
    printf 'exit\n'
} | TERM=dumb script -qec "bash --noprofile --rcfile '$home/rc' -i" /dev/null 2>/dev/null |
    tr -d '\r' | sed -n 's/^\[\(.*\)\]$/\1/p' |
    tail -n "+$((known + 1))" | grep -Fxv -e "$typed" | sort -u
