# SPDX-License-Identifier: Apache-2.0
# Completion of mapferry, mapferry-writer, mapferry-reader and mapferry-bridge for fish.

# COMMAND <tab> OPTION or ARGUMENT <tab> what completes its value, "-" for options without one <tab>
# description
set -g __mapferry_rows '
@rows@
'
set -g __mapferry_formats '
@formats@
'

# The command that is typed, or nothing yet.
function __mapferry_command
    set -l words (commandline -opc)
    switch (string replace -r '.*/' '' -- $words[1])
        case mapferry-writer
            echo send
        case mapferry-reader
            echo receive
        case mapferry-bridge
            echo bridge
        case '*'
            if set -q words[2]
                echo $words[2]
            end
    end
end

function __mapferry_is
    test "$(__mapferry_command)" = $argv[1]
    and not __mapferry_runs
end

function __mapferry_sections
    set -l lines (command mapferry ls 2>/dev/null)
    string replace -r ' .*' '' -- $lines[2..]
end

function __mapferry_accounts
    printf 'group:%s\n' (__fish_complete_groups | string replace -r '\t.*' '')
    printf 'user:%s\n' (__fish_complete_users | string replace -r '\t.*' '')
end

# The formats, behind the size that is typed.
function __mapferry_formats
    set -l size (commandline -ct | string match -r '[0-9]+x[0-9]+:')
    and printf "$size%s\n" (string split -n \n -- $__mapferry_formats)
end

function __mapferry_mentions
    set -l file (commandline -ct | string match -r '@.*')
    and __fish_complete_path (string sub -s 2 -- $file) | string replace -r '^' @
end

# Whether the cursor is behind `--exec --`.
function __mapferry_runs
    set -l words (commandline -opc)
    set -l at (contains -i -- -- $words)
    and contains -- --exec $words[1..$at]
end

# What the command behind `--exec --` is and takes, as it completes alone.
function __mapferry_complete_run
    set -l words (commandline -opc) (commandline -ct)
    set -l at (contains -i -- -- $words)
    set -l before (string escape -- $words[(math $at + 1)..-2] | string join ' ')
    complete -C (string trim -l -- "$before $words[-1]")
end

# Whether the cursor is behind an option that takes all words up to the next one, such as --text.
function __mapferry_takes_words
    set -l options (string match -- '-?*' (commandline -opc))
    contains -- "$options[-1]" $__mapferry_takers
end

# __mapferry_add PROGRAM CONDITION NAME KIND ABOUT: one row.
function __mapferry_add
    set -l kind (string replace -r '\.\.\.$' '' -- $argv[4])
    set -l value -x -a "(__mapferry_$kind)"
    switch $kind
        case -
            set value -f
        case command
            set value -f -a $argv[3]
        case nothing
            set value -x
        case files
            set value -r -F
        case 'words,*'
            set value -x -a (string replace -a , ' ' -- (string sub -s 7 -- $kind))
    end
    set -l name
    switch $argv[3]
        case '--*'
            set name -l (string sub -s 3 -- $argv[3])
        case '-*'
            set name -s (string sub -s 2 -- $argv[3])
        case '*'
            # Arguments have no name. Those that are sections are no files.
            set argv[2] "$argv[2]; and not __mapferry_takes_words"
            if test $kind = files
                set value -F
            else
                set value (string replace -- -x -f $value)
            end
    end
    complete -c $argv[1] -n $argv[2] $name $value -d $argv[5]
end

set -g __mapferry_takers (string replace -rf '^\w+\t(--[\w-]+)\t\w+\.\.\.\t.*' '$1' -- \
    (string split -n \n -- $__mapferry_rows))

# This file has a name for each program, and may be read several times.
for __mapferry_program in mapferry mapferry-writer mapferry-reader mapferry-bridge
    complete -e -c $__mapferry_program
    complete -c $__mapferry_program -f
end
for __mapferry_row in (string split -n \n -- $__mapferry_rows)
    set -l fields (string split \t -- $__mapferry_row)
    if test $fields[1] = mapferry
        __mapferry_add mapferry 'test -z "$(__mapferry_command)"' $fields[2..]
        continue
    end
    __mapferry_add mapferry "__mapferry_is $fields[1]" $fields[2..]
    switch $fields[1]
        case send
            __mapferry_add mapferry-writer 'not __mapferry_runs' $fields[2..]
        case receive
            __mapferry_add mapferry-reader 'not __mapferry_runs' $fields[2..]
        case bridge
            __mapferry_add mapferry-bridge true $fields[2..]
    end
end
for __mapferry_program in mapferry mapferry-writer
    complete -c $__mapferry_program -n __mapferry_runs -f -a '(__mapferry_complete_run)'
end
set -e __mapferry_row __mapferry_program __mapferry_rows
