#compdef mapferry mapferry-writer mapferry-reader mapferry-bridge
# SPDX-License-Identifier: Apache-2.0
# Completion of mapferry, mapferry-writer, mapferry-reader and mapferry-bridge for zsh. As
# _mapferry it belongs into a folder of $fpath.

# COMMAND <tab> OPTION or ARGUMENT <tab> what completes its value, "-" for options without one <tab>
# description
typeset -g _mapferry_rows='
@rows@
'
typeset -g _mapferry_formats='
@formats@
'

_mapferry_sections() {
    local -a names
    names=(${${(f)"$(command mapferry ls 2>/dev/null)"}[2,-1]%% *})
    _wanted sections expl section compadd -a names
}

_mapferry_accounts() {
    if compset -P 'user:'; then
        _users
    elif compset -P 'group:'; then
        _groups
    else
        _wanted accounts expl account compadd -S '' group: user:
    fi
}

_mapferry_formats() {
    if compset -P '[0-9]##x[0-9]##:'; then
        _wanted formats expl 'pixel format' compadd -- ${=_mapferry_formats}
    else
        _message 'WxH:FORMAT'
    fi
}

# A text, or @ and the file that has it.
_mapferry_mentions() {
    if compset -P @; then _files; else _message 'text or @file'; fi
}

# _mapferry_action KIND: sets REPLY to what _arguments does for a value of this kind.
_mapferry_action() {
    case ${1%...} in
        files) REPLY=_files ;;
        sections | accounts | formats | mentions) REPLY=_mapferry_${1%...} ;;
        words,*) REPLY="(${${1#words,}//,/ })" ;;
        *) REPLY=' ' ;;
    esac
}

# _mapferry_arguments COMMAND: completes what stands behind the command.
_mapferry_arguments() {
    local line specs=() about
    local -a fields
    # Behind --text all words up to the next option are texts, and none is a file.
    local last=${${(M)words[1,CURRENT-1]:#-?*}[-1]}
    local in_words=${(M)${(f)_mapferry_rows}:#$1	$last	*...	*}
    for line in ${(f)_mapferry_rows}; do
        fields=("${(@s:	:)line}")
        if [[ $fields[1] != $1 ]]; then continue; fi
        about=${${${fields[4]//\\/\\\\}//\[/\\[}//\]/\\]}
        _mapferry_action $fields[3]
        if [[ -n $in_words && $fields[2] != -* ]]; then REPLY=' '; fi
        case $fields[2]:$fields[3] in
            -*:-) specs+=("$fields[2][$about]") ;;
            --*) specs+=("*$fields[2]=[$about]:value:$REPLY") ;;
            -*) specs+=("*$fields[2]+[$about]:value:$REPLY") ;;
            *:*...) specs+=("*:$fields[2]:$REPLY") ;;
            *:command) ;;
            *) specs+=(":$fields[2]:$REPLY") ;;
        esac
    done
    _arguments -s -S : $specs
}

_mapferry_commands() {
    local line names=()
    local -a fields
    for line in ${(f)_mapferry_rows}; do
        fields=("${(@s:	:)line}")
        if [[ $fields[1] == mapferry && $fields[3] == command ]]; then
            names+=("$fields[2]:$fields[4]")
        fi
    done
    _describe -t commands command names
}

# The command behind `--exec --` completes as it does alone.
_mapferry_runs() {
    local at=${words[(i)--]}
    if (( at >= CURRENT || ${words[(i)--exec]} >= at )); then return 1; fi
    shift at words
    (( CURRENT -= at ))
    _normal
}

_mapferry() {
    if _mapferry_runs; then return; fi
    case $service in
        mapferry-writer) _mapferry_arguments send ;;
        mapferry-reader) _mapferry_arguments receive ;;
        mapferry-bridge) _mapferry_arguments bridge ;;
        *)
            if (( CURRENT == 2 )); then
                if [[ $PREFIX == -* ]]; then
                    _mapferry_arguments mapferry
                else
                    _mapferry_commands
                fi
                return
            fi
            local command=$words[2]
            shift words
            (( CURRENT -= 1 ))
            if [[ $command == help ]]; then
                _mapferry_commands
            else
                _mapferry_arguments $command
            fi
            ;;
    esac
}

_mapferry "$@"
