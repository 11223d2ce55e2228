#!/bin/bash
# complete_bash.sh SCRIPT LINE: prints what a person sees who types LINE and asks bash for its
# completions, one a line. A real bash runs at a terminal: M-* inserts all completions into the
# line, and mapferry is a function there that prints its arguments.
script=$1
line=$2
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cat >"$home/rc" <<END
PS1='' PS2=''
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
stty -echo
source '$script'
show() { printf '\n[%s]' "\$@"; printf '\n[end]\n'; }
mapferry() { show "\$@"; }
mapferry-writer() { show "\$@"; }
mapferry-reader() { show "\$@"; }
END
{
    printf '%s\033*\n' "$line"
    printf 'exit\n'
} | TERM=dumb script -qec "bash --noprofile --rcfile '$home/rc' -i" /dev/null 2>/dev/null |
    tr -d '\r' | sed -n 's/^\[\(.*\)\]$/\1/p' 
