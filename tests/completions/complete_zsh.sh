#!/bin/zsh -f
# complete_zsh.sh SCRIPT_FOLDER LINE: prints what a person sees who types LINE and asks zsh for its
# completions, one a line. A real zsh runs at a pseudo-terminal of its own (zpty).
emulate -R zsh
zmodload zsh/zpty
home=$(mktemp -d)
trap 'rm -rf $home' EXIT
line=$2
# The widget takes the completions as they are added, and prints them between two marks. Then the
# shell ends.
cat >$home/start <<END
PS1= PS2= RPS1=
stty -echo
fpath=(${(q)1} \$fpath)
autoload -Uz compinit && compinit -u -d $home/dump
zstyle ':completion:*' format ''
zstyle ':completion:*:messages' format ''
zstyle ':completion:*' use-cache no
compadd() {
    # -O and -A fill an array and add nothing; -D filters one.
    if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "\$@"; return; fi
    typeset -a found
    builtin compadd -O found "\$@"
    print -lr -- "\$IPREFIX"\${^found} >>$home/found
    builtin compadd "\$@"
}
bindkey '^I' complete-word
zle -C list complete-word gather
gather() { _main_complete; print >$home/done; zle -I; exit }
bindkey '^X' list
END
zpty shell "TERM=dumb zsh -f"
zpty -w shell "source $home/start"
zpty -w -n shell "$line"$'\C-X'
for (( i = 0; i < 400; ++i )); do
    if [[ -e $home/done ]]; then break; fi
    sleep 0.05 # between two looks
done
zpty -d shell
if [[ ! -e $home/done ]]; then print -u2 "zsh did not answer"; exit 1; fi
if [[ -e $home/found ]]; then sort -u $home/found; fi
