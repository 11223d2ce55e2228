# SPDX-License-Identifier: Apache-2.0
# Completion of mapferry, mapferry-writer, mapferry-reader and mapferry-bridge for bash. It is found
# by its name where the package bash-completion is installed. Elsewhere: `source` this file.

# COMMAND <tab> OPTION or ARGUMENT <tab> what completes its value, "-" for options without one
_mapferry_rows='
@rows@
'
_mapferry_formats='
@formats@
'

# _mapferry_kind COMMAND OPTION: sets `kind` to what completes the option's value; "" for no option.
_mapferry_kind() {
    kind=""
    local rest=${_mapferry_rows#*$'\n'"$1"$'\t'"$2"$'\t'}
    if [ "$rest" != "$_mapferry_rows" ]; then kind=${rest%%$'\n'*}; fi
}

# _mapferry_split: sets `words` to the words up to the cursor. Bash splits them at =, : and @
# where COMP_WORDBREAKS has these.
_mapferry_split() {
    local i word last
    words=()
    for ((i = 0; i <= COMP_CWORD; ++i)); do
        word=${COMP_WORDS[i]}
        last=$((${#words[@]} - 1))
        if ((last > 0)) && [[ $word == [=:]* || ${words[last]} == *[=:@] ]]; then
            words[last]+=$word
        else
            words+=("$word")
        fi
    done
}

# _mapferry_value KIND VALUE: sets COMPREPLY to the completions of VALUE, without the part up to the
# last colon, which readline keeps.
_mapferry_value() {
    local value=$2 known candidate
    case ${1%...} in
        files)
            mapfile -t COMPREPLY < <(compgen -f -- "$value")
            compopt -o filenames 2>/dev/null
            return
            ;;
        mentions)
            if [[ $value != @* ]]; then return; fi
            mapfile -t COMPREPLY < <(compgen -P @ -f -- "${value#@}")
            compopt -o filenames 2>/dev/null
            return
            ;;
        sections) known=$(command mapferry ls 2>/dev/null | sed '1d; s/ .*//') ;;
        accounts)
            if [[ $value == user:* ]]; then
                known=$(compgen -P user: -u)
            elif [[ $value == group:* ]]; then
                known=$(compgen -P group: -g)
            else
                known=$'group:\nuser:'
                compopt -o nospace 2>/dev/null
            fi
            ;;
        formats)
            if [[ $value != *x*:* ]]; then return; fi
            known=${_mapferry_formats//$'\n'/$'\n'"${value%%:*}:"}
            ;;
        words,*) known=${1#words,} && known=${known//,/$'\n'} ;;
        *) return ;;
    esac
    while IFS= read -r candidate; do
        if [ -n "$candidate" ] && [[ $candidate == "$value"* ]]; then COMPREPLY+=("$candidate"); fi
    done <<<"$known"
    if [[ $value == *:* && $COMP_WORDBREAKS == *:* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${value%"${value##*:}"}"}")
    fi
}

# _mapferry_positional COMMAND VALUE: completes an argument that is not an option.
_mapferry_positional() {
    local command name kind
    while IFS=$'\t' read -r command name kind; do
        if [[ $command != "$1" || $name == -* ]]; then continue; fi
        if [ "$kind" = command ]; then
            if [[ $name == "$2"* ]]; then COMPREPLY+=("$name"); fi
        else
            _mapferry_value "$kind" "$2"
        fi
    done <<<"$_mapferry_rows"
}

_mapferry_options() {
    local command name kind
    while IFS=$'\t' read -r command name kind; do
        if [[ $command == "$1" && $name == -* && $name == "$2"* ]]; then COMPREPLY+=("$name"); fi
    done <<<"$_mapferry_rows"
}

# _mapferry_run VALUE: completes the command behind `--exec --`, or its argument.
_mapferry_run() {
    local at=1
    while [ "${COMP_WORDS[at]}" != -- ]; do ((++at)); done
    ((++at))
    if declare -F _command_offset >/dev/null; then
        _command_offset "$at"
    elif ((COMP_CWORD == at)); then
        mapfile -t COMPREPLY < <(compgen -c -- "$1")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$1")
        compopt -o filenames 2>/dev/null
    fi
}

_mapferry() {
    local words command kind pending="" exec="" i first=1 cur
    COMPREPLY=()
    _mapferry_split
    cur=${words[${#words[@]} - 1]}
    case ${1##*/} in
        mapferry-writer) command=send ;;
        mapferry-reader) command=receive ;;
        mapferry-bridge) command=bridge ;;
        *)
            command=mapferry
            if ((${#words[@]} > 2)); then
                command=${words[1]}
                first=2
            fi
            ;;
    esac
    # What the words before the cursor have opened: an option that wants a value, or `--`.
    for ((i = first; i < ${#words[@]} - 1; ++i)); do
        case ${words[i]} in
            --)
                if [ -n "$exec" ]; then
                    _mapferry_run "$cur"
                else
                    _mapferry_positional "$command" "$cur"
                fi
                return
                ;;
            --exec) exec=yes pending="" ;;
            --*=*) pending="" ;;
            -?*)
                _mapferry_kind "$command" "${words[i]}"
                pending=$kind
                if [ "$kind" = - ]; then pending=""; fi
                ;;
            *) if [[ $pending != *... ]]; then pending=""; fi ;;
        esac
    done
    case $cur in
        --*=*)
            _mapferry_kind "$command" "${cur%%=*}"
            if [ "$kind" != - ]; then _mapferry_value "$kind" "${cur#*=}"; fi
            if [[ $COMP_WORDBREAKS != *=* ]]; then COMPREPLY=("${COMPREPLY[@]/#/${cur%%=*}=}"); fi
            ;;
        -*)
            if [ -n "$pending" ] && [[ $pending != *... ]]; then return; fi
            _mapferry_options "$command" "$cur"
            ;;
        *)
            if [ -n "$pending" ]; then
                _mapferry_value "$pending" "$cur"
            else
                _mapferry_positional "$command" "$cur"
            fi
            ;;
    esac
}

complete -F _mapferry mapferry mapferry-writer mapferry-reader mapferry-bridge
