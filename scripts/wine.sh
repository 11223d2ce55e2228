#!/bin/sh
# wine.sh PROGRAM.exe [ARG...]: runs a Windows program under Wine, in a prefix of mapferry's own and
# never in the user's. Meant for tests and demonstrations.
#   wine.sh --start    warms Wine up; takes seconds, the first time for a new prefix up to a minute
#   wine.sh --running  succeeds when it is warm
#   wine.sh --stop     ends it and removes its temporary files; the prefix stays
#   wine.sh --prefix   prints the prefix: MAPFERRY_WINEPREFIX, or one in the user's cache
#
# The server stays between programs: starting it costs 2.5 s, a program with a warm one 15 ms. When
# it is gone, the next program starts it again. It and the services that Wine starts beside it
# inherit standard streams, and whoever reads the other end of a pipe would never see its end. So
# they are started here, in a session of their own and with nothing of the caller's open, before any
# program can do it. That it has happened says the file mapferry-warm, with the server's number.
set -eu

cache=${XDG_CACHE_HOME:-${HOME:-/tmp/user-$(id -u)}/.cache}
# A prefix that was made without Wine's 32-bit half (Debian: this file) does not get it later.
prefix=$cache/mapferry-wine
if [ -x /usr/lib/wine/wine ]; then prefix=$cache/mapferry-wine-wow64; fi
WINEPREFIX=${MAPFERRY_WINEPREFIX:-$prefix}
warm=$WINEPREFIX/mapferry-warm

# Sections in memory are temporary files under TMPDIR: these should be memory. Wine keeps the name
# of its folder there in the file `wineserver` of the prefix; its processes must agree on TMPDIR.
TMPDIR=/tmp
if [ -d /dev/shm ] && [ -w /dev/shm ]; then TMPDIR=/dev/shm; fi

# A locale with UTF-8, or Wine would not read the arguments as that.
export WINEPREFIX TMPDIR WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" \
    DISPLAY="" LC_ALL=C.UTF-8

say() { echo "wine.sh: $*" >&2; }

# Wine wants the page at 0x7ffe0000, and its loader stands below, at 0x7d400000. Newer kernels (seen
# with Linux 6.18) put a program's heap, of 132 KiB at first, anywhere in the gigabyte behind it: on
# that page for one start in some thousands, which then ends without a word (exit code 1, and
# CreateProcess says ERROR_INTERNAL_ERROR). Without address randomisation the heap is right behind
# the loader: 8,000 starts without a failure, 2 in 2,900 before. Children inherit this.
# Leaves in $fixed what a command is to be started with; empty where the system refuses it.
fixed=""
look_for_fixed_addresses() {
    machine=$(uname -m)
    if setarch "$machine" -R true 2>/dev/null; then fixed="setarch $machine -R"; fi
}

# A killed server may stay as a zombie (Z) for as long as nobody asks for its end.
is_warm() {
    server=""
    if [ -r "$warm" ]; then read -r server <"$warm" || true; fi
    status=""
    if [ -n "$server" ] && [ -r "/proc/$server/stat" ]; then
        read -r status <"/proc/$server/stat" || true
    fi
    case $status in
        *"(wineserver"*") Z "*) return 1 ;;
        *"(wineserver"*) return 0 ;;
    esac
    return 1
}

# detached COMMAND...: in the background, with a session, an environment and standard streams of its
# own; $! is its number.
detached() {
    env -i -C / PATH="$PATH" HOME="${HOME:-/}" WINEPREFIX="$WINEPREFIX" TMPDIR="$TMPDIR" \
        WINEARCH="$WINEARCH" WINEDEBUG="$WINEDEBUG" WINEDLLOVERRIDES="$WINEDLLOVERRIDES" \
        DISPLAY="" LC_ALL="$LC_ALL" setsid "$@" \
        </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
}

# Called with the lock held on descriptor 9.
warm_up() {
    if is_warm; then return; fi
    rm -f "$warm"
    if ! command -v wine >/dev/null || ! command -v wineserver >/dev/null; then
        say "error: there is no wine"
        return 69
    fi
    [ -e "$WINEPREFIX/system.reg" ] || say "preparing $WINEPREFIX"
    wineserver -k 9>&- 2>/dev/null || true # one that was not started here
    wineserver -w 9>&- 2>/dev/null || true
    detached wineserver --foreground --persistent
    server=$!
    tries=0
    until wineserver -k0 9>&- 2>/dev/null; do
        tries=$((tries + 1))
        if [ "$tries" -gt 200 ]; then
            say "error: the Wine server does not start"
            return 69
        fi
        sleep 0.05
    done
    look_for_fixed_addresses
    [ -n "$fixed" ] || say "warning: addresses stay random: Wine may lose a program now and then"
    # shellcheck disable=SC2086
    detached $fixed wine cmd /c exit
    wait $! || say "warning: Wine does not start programs"
    echo "$server" >"$warm.new"
    mv "$warm.new" "$warm"
}

start() {
    if is_warm; then return; fi
    mkdir -p "$WINEPREFIX"
    # Several programs may find the server gone at the same time: one starts it, the others wait.
    (flock 9 && warm_up) 9>"$WINEPREFIX.lock"
}

stop() {
    rm -f "$warm"
    if [ ! -d "$WINEPREFIX" ]; then return; fi
    wineserver -k >/dev/null 2>&1 || true
    wineserver -w >/dev/null 2>&1 || true
    folder=""
    if [ -r "$WINEPREFIX/wineserver" ]; then
        read -r folder <"$WINEPREFIX/wineserver" || true # no newline at its end
    fi
    case $folder in wine-*) rm -rf "${TMPDIR:?}/$folder" ;; esac
}

case ${1:-} in
    --start) start ;;
    --running) is_warm ;;
    --stop) stop ;;
    --prefix) echo "$WINEPREFIX" ;;
    "" | -*)
        echo "usage: wine.sh PROGRAM.exe [ARG...] | --start | --running | --stop | --prefix" >&2
        exit 64
        ;;
    *)
        start
        look_for_fixed_addresses
        # shellcheck disable=SC2086
        exec $fixed wine "$@"
        ;;
esac
