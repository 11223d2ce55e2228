#!/bin/sh
# terminal_test.sh SCENE PROGRAMS_FOLDER: tmux plays a person at a terminal. Each run has a tmux
# server of its own, whose socket is in the run's scratch folder. No step sleeps for a guessed time:
# the test looks for the expected state again and again, for half a minute at most.
set -eu

scene=$1
bin=$(cd "$2" && pwd)
if ! command -v tmux >/dev/null; then
    echo "skipped: there is no tmux" >&2
    exit 125
fi

scratch=$(mktemp -d)
# Names have a fixed length, because the number of columns that fit a window depends on it.
name=$(printf tm-%08d $$)
camera=""

clean_up() {
    if [ -n "$camera" ]; then kill -KILL "$camera" 2>/dev/null || true; fi
    terminal kill-server 2>/dev/null || true
    rm -rf "$scratch" "/dev/shm/mapferry.$name"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

terminal() { LC_ALL=C.UTF-8 TMUX='' tmux -u -S "$scratch/socket" -f /dev/null "$@"; }

fail() {
    echo "terminal test: $*; the screen:" >&2
    terminal capture-pane -p >&2 || true
    exit 1
}

# until_true COMMAND...: waits until it succeeds.
until_true() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        if [ "$tries" -ge 600 ]; then fail "waited in vain for: $*"; fi
        sleep 0.05 # between two looks
    done
}

# ---- the terminal ------------------------------------------------------------------------------

# open_terminal COLUMNS ROWS [VARIABLE=VALUE...]: starts a shell in a new terminal.
open_terminal() {
    columns=$1
    rows=$2
    shift 2
    terminal new-session -d -x "$columns" -y "$rows" \
        env -u COLORTERM -u NO_COLOR PATH="$bin:$PATH" PS1='ready> ' TERM=xterm-256color \
        LC_ALL=C.UTF-8 "$@" sh -i
    until_true shows 'ready>'
}

screen() { terminal capture-pane -p; }
colors() { terminal capture-pane -p -e; }
shows() { screen | grep -q -- "$1"; }
shows_not() { ! shows "$1"; }
has_color() { colors | grep -q -- "$1"; }
key() { terminal send-keys "$1"; }
command_line() { terminal send-keys "$1" Enter; }
flag() { [ "$(terminal display-message -p "#{$1}")" = "$2" ]; }

# The program has ended and the shell waits for a line. What is typed before is shown in another
# place.
at_prompt() { screen | grep . | tail -n 1 | grep -q '^ready> *$'; }

# The shell's state is restored: its own screen with its contents, the cursor, line mode and echo.
expect_restored() {
    until_true flag alternate_on 0
    until_true flag cursor_flag 1
    until_true at_prompt
    # shellcheck disable=SC2016
    command_line 'case $(stty -a) in *-icanon*|*-echo\ *) echo raw ;; *) echo as usual ;; esac'
    until_true shows '^as usual$'
}

# ---- the sections ------------------------------------------------------------------------------

# Sends an endless film of 12 frames of 40x30, each of one grey.
start_camera() {
    for level in 0 24 48 72 96 120 144 168 192 216 240 255; do
        head -c 1200 /dev/zero | tr '\000' "\\$(printf %03o "$level")"
    done >"$scratch/film"
    "$bin/mapferry-writer" --quiet --name "$name" --frames "$scratch/film" --loop --fps 20 \
        --image 40x30:GRAY8 "$@" &
    camera=$!
    until_true "$bin/mapferry" info "$name"
}

end_camera() {
    kill -KILL "$camera"
    wait "$camera" 2>/dev/null || true
    camera=""
}

# ---- scenes ------------------------------------------------------------------------------------

scene_top_keys() {
    start_camera
    open_terminal 110 20
    command_line "mapferry top $name --interval 100ms"
    until_true shows "^$name  *latest  *streaming"
    until_true flag alternate_on 1
    until_true flag cursor_flag 0
    until_true shows 'sort: NAME'
    key s
    until_true shows 'sort: MODE'
    key s
    until_true shows 'sort: STATE'
    key p
    until_true shows '1 section, paused'
    key p
    until_true shows_not 'paused'
    until_true shows ' [12][0-9]\.[0-9] '
    key q
    expect_restored
}

scene_top_resize() {
    start_camera
    open_terminal 110 20
    command_line "mapferry top $name --interval 100ms"
    until_true shows 'MISSED  *MEMORY$'
    terminal resize-window -x 45 -y 10
    until_true shows 'STATE$'
    until_true shows '^q quit  s sort: NAME  p pause$'
    screen | awk 'length($0) > 45 { exit 1 }' || fail "a line is wider than the window"
    # A part of the old picture that was cut off still shows STATE here; a newly drawn one does not.
    terminal resize-window -x 30 -y 5
    until_true shows 'MODE$'
    terminal resize-window -x 110 -y 20
    until_true shows 'MISSED  *MEMORY$'
    key q
    expect_restored
}

scene_top_interrupt() {
    start_camera
    open_terminal 110 20
    command_line "mapferry top $name"
    until_true shows 'sort: NAME'
    key C-c
    until_true shows '^ready> *$'
    # shellcheck disable=SC2016
    command_line 'echo ended with $?'
    until_true shows '^ended with 130$'
    expect_restored
}

scene_top_suspend() {
    start_camera
    open_terminal 110 20
    command_line "mapferry top $name --interval 100ms"
    until_true shows 'sort: NAME'
    key C-z
    until_true shows 'Stopped'
    expect_restored
    command_line fg
    until_true shows 'sort: NAME'
    until_true flag alternate_on 1
    key q
    until_true flag alternate_on 0
}

# Opens one screen for each kind of terminal.
scene_view_colors() {
    start_camera
    command="mapferry view $name; echo ended with \$?"
    open_terminal 60 24
    command_line 'export COLORTERM=truecolor'
    command_line "clear; $command"
    until_true shows '^ended with 0$'
    until_true has_color '38;2;[0-9]'
    command_line "unset COLORTERM; clear; $command"
    until_true shows '^ended with 0$'
    until_true has_color '38;5;[0-9]'
    command_line "clear; NO_COLOR=1 $command"
    until_true shows '^ended with 0$'
    shows "$(printf '\342\226\200')" && fail "blocks in spite of NO_COLOR"
    command_line "clear; TERM=dumb $command"
    until_true shows '^ended with 0$'
    shows "$(printf '\342\226\200')" && fail "blocks on a dumb terminal"
    return 0
}

frame_number() { screen | sed -n 's/.*frame \([0-9]*\),.*/\1/p'; }
frame_is_another() { [ -n "$(frame_number)" ] && [ "$(frame_number)" != "$1" ]; }
picture_is_another() { [ "$(colors | head -n 5)" != "$1" ]; }

scene_view_follow() {
    start_camera
    open_terminal 60 20 COLORTERM=truecolor
    command_line "mapferry view $name --follow"
    until_true shows '^q quit  40x30 GRAY8, frame '
    until_true flag alternate_on 1
    for _ in 1 2 3; do
        before=$(frame_number)
        picture=$(colors | head -n 5)
        until_true frame_is_another "$before"
        until_true picture_is_another "$picture"
    done
    key q
    expect_restored
}

# The number of lines that the picture takes.
picture_rows_are() { [ "$(screen | grep -c "$(printf '\342\226\200')")" -eq "$1" ]; }

scene_view_resize() {
    start_camera
    open_terminal 60 24 COLORTERM=truecolor
    command_line "mapferry view $name --follow"
    until_true picture_rows_are 15
    terminal resize-window -x 20 -y 24
    until_true picture_rows_are 8
    terminal resize-window -x 60 -y 6
    until_true picture_rows_are 5
    key C-c
    expect_restored
}

scene_view_writer_gone() {
    start_camera
    open_terminal 60 24
    command_line "mapferry view $name --follow"
    until_true shows 'frame [0-9]'
    end_camera
    until_true shows 'the writer has gone; waiting for another one'
    start_camera
    until_true shows 'frame [0-9]'
    end_camera
    until_true shows 'the writer has gone'
    key q
    expect_restored
}

scene_view_ends() {
    open_terminal 60 24
    command_line "mapferry view $name --follow; echo ended with \$?"
    until_true shows '^waiting for section'
    start_camera --count 40 --readers 1
    until_true shows '^ended with 0$'
    wait "$camera" || fail "the writer ended with $?"
    camera=""
    expect_restored
}

# Standard output is not a terminal, and its reader has gone.
scene_broken_pipe() {
    "$bin/mapferry-make-bmp" bgr24 1000x800 "$scratch/big.bmp"
    "$bin/mapferry-writer" --quiet --name "$name" --keep "$scratch/big.bmp"
    for command in "top $name --json --interval 50ms" "view $name --size 1000x400 --colors true"; do
        # shellcheck disable=SC2086
        {
            code=0
            "$bin/mapferry" $command 2>"$scratch/errors" || code=$?
            echo "$code" >"$scratch/code"
        } | head -n 1 >"$scratch/line"
        [ -s "$scratch/line" ] || fail "$command printed nothing"
        [ "$(cat "$scratch/code")" -eq 74 ] || fail "$command ended with $(cat "$scratch/code")"
        [ ! -s "$scratch/errors" ] || fail "$command said $(cat "$scratch/errors")"
    done
}

"scene_$scene"
