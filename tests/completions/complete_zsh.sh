#!/bin/zsh -f
# SPDX-License-Identifier: Apache-2.0
# complete_zsh.sh SCRIPTS LINE: prints what a person sees who types LINE and asks zsh for its
# completions, one a line. A real zsh runs at a pseudo-terminal of its own (zpty).
emulate -R zsh
zmodload zsh/zpty
home=$(mktemp -d)
line=$2
# The widget takes the completions as they are added, and writes them into a file. Then the shell
# ends.
cat >$home/start <<END
PS1= PS2= RPS1=
stty -echo
fpath=(${(q)1}/zsh \$fpath)
autoload -Uz compinit && compinit -u -d $home/dump
zstyle ':completion:*' format ''
zstyle ':completion:*:messages' format ''
zstyle ':completion:*' use-cache no
compadd() {
    # -O and -A fill an array and add nothing; -D filters one.
    if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "\$@"; return; fi
    typeset -a found
    builtin compadd -O found "\$@"
    if (( \$#found )); then print -lr -- "\$IPREFIX"\${^found} >>$home/found; fi
    builtin compadd "\$@"
}
zle -C gather complete-word gather
gather() { _main_complete; print >$home/done; exit }
bindkey '^G' gather
zle-line-init() { print >$home/ready }
zle -N zle-line-init
END
# until_exists FILE: waits until the shell has made it.
until_exists() {
    for (( i = 0; i < 200; ++i )); do
        if [[ -e $1 ]]; then return; fi
        sleep 0.05 # between two looks
    done
    print -u2 "zsh did not answer"
    exit 1
}
zpty shell "TERM=dumb zsh -f"
trap 'rm -rf $home' EXIT # not before: the shell at the terminal would inherit it
zpty -w shell "source $home/start"
until_exists $home/ready
zpty -w -n shell "$line"$'\C-G'
until_exists $home/done
zpty -d shell
if [[ -e $home/found ]]; then sort -u $home/found; fi
