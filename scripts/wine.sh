#!/bin/sh
# wine.sh PROGRAM.exe [ARG...]: runs a Windows program under Wine, in a prefix of mapferry's own and
# never in the user's. Meant for tests and demonstrations.
#   wine.sh --start    starts Wine; takes seconds, the first time for a new prefix up to a minute
#   wine.sh --running  succeeds when Wine is running
#   wine.sh --stop     ends it and removes its temporary files; the prefix stays
#   wine.sh --prefix   prints the prefix: MAPFERRY_WINEPREFIX, or one in the user's cache
#
# The server stays between programs: its start takes 2.5 s, a program with a running server 15 ms.
# When it has gone, the next program starts it again. The server and the services that Wine starts
# beside it inherit standard streams, so the reader of a pipe would never see its end. Therefore
# this script starts them before any program can do it, in a session of their own and with none of
# the caller's open files. The file mapferry-warm records that this has happened, with the server's
# number.
set -eu

cache=${XDG_CACHE_HOME:-${HOME:-/tmp/user-$(id -u)}/.cache}
# A prefix that was made without Wine's 32-bit half (Debian: this file) does not get it later.
prefix=$cache/mapferry-wine
if [ -x /usr/lib/wine/wine ]; then prefix=$cache/mapferry-wine-wow64; fi
WINEPREFIX=${MAPFERRY_WINEPREFIX:-$prefix}
warm=$WINEPREFIX/mapferry-warm
patience=$WINEPREFIX/mapferry-patience.so # preloaded into the server
quick_exit=$WINEPREFIX/mapferry-exit.so   # preloaded into the programs

# Sections in memory are temporary files under TMPDIR, so TMPDIR should be in memory. Wine stores
# the name of its folder there in the file `wineserver` of the prefix; all its processes must use
# the same TMPDIR.
TMPDIR=/tmp
if [ -d /dev/shm ] && [ -w /dev/shm ]; then TMPDIR=/dev/shm; fi

# The locale is UTF-8, because Wine reads the arguments in the encoding of the locale.
export WINEPREFIX TMPDIR WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" \
    DISPLAY="" LC_ALL=C.UTF-8

say() { echo "wine.sh: $*" >&2; }

# Wine needs the page at 0x7ffe0000, and its loader is below that, at 0x7d400000. Newer kernels
# (seen with Linux 6.18) put a program's heap, of 132 KiB at first, anywhere in the gigabyte behind
# the loader: on that page in one start of some thousands, which then ends without a message (exit
# code 1, and CreateProcess returns ERROR_INTERNAL_ERROR). Without address randomisation the heap is
# right behind the loader: 8,000 starts without a failure, 2 failures in 2,900 starts before.
# Children inherit this. Sets $fixed to the words that start a command in this way; empty where the
# system refuses it.
fixed=""
look_for_fixed_addresses() {
    machine=$(uname -m)
    if setarch "$machine" -R true 2>/dev/null; then fixed="setarch $machine -R"; fi
}

# A killed server may stay as a zombie (Z) until its parent collects it.
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

# The server gets more patience with programs that end slowly, and the programs a shorter way to
# their end. wine_patience.c and wine_exit.c have the reasons.
compile_preloads() {
    here=$(dirname "$0")
    rm -f "$patience" "$quick_exit"
    cc -shared -fPIC -pthread -o "$patience" "$here/wine_patience.c" 2>/dev/null &&
        cc -shared -fPIC -o "$quick_exit" "$here/wine_exit.c" 2>/dev/null ||
        say "warning: there is no C compiler: on a busy machine Wine may kill programs as they end"
}

# preload LIBRARY: sets $preloads to the value of LD_PRELOAD with this library, if there is one.
preload() {
    preloads=${LD_PRELOAD:-}
    if [ -e "$1" ]; then preloads=$1${preloads:+:$preloads}; fi
}

# The preloaded libraries have 64 bits. Only where Wine's 32-bit half is installed, a program may
# have 32: its header says 014c behind "PE" then.
has_32_bits() {
    if [ ! -x /usr/lib/wine/wine ] || [ ! -r "$1" ]; then return 1; fi
    header=$(od -An -tu4 -j60 -N4 "$1")
    [ "$(od -An -tx2 -j$((header + 4)) -N2 "$1")" = " 014c" ]
}

# detached COMMAND...: runs in the background, with a session, an environment and standard streams
# of its own; $! is its number.
detached() {
    env -i -C / PATH="$PATH" HOME="${HOME:-/}" WINEPREFIX="$WINEPREFIX" TMPDIR="$TMPDIR" \
        WINEARCH="$WINEARCH" WINEDEBUG="$WINEDEBUG" WINEDLLOVERRIDES="$WINEDLLOVERRIDES" \
        DISPLAY="" LC_ALL="$LC_ALL" setsid "$@" \
        </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
}

# The caller holds the lock on descriptor 9.
warm_up() {
    if is_warm; then return; fi
    rm -f "$warm"
    if ! command -v wine >/dev/null || ! command -v wineserver >/dev/null; then
        say "error: there is no wine"
        return 69
    fi
    [ -e "$WINEPREFIX/system.reg" ] || say "preparing $WINEPREFIX"
    wineserver -k 9>&- 2>/dev/null || true # a server that this script did not start
    wineserver -w 9>&- 2>/dev/null || true
    compile_preloads
    preload "$patience"
    detached env LD_PRELOAD="$preloads" wineserver --foreground --persistent
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
    # Several programs may find at the same time that the server has gone: one starts it, the others
    # wait.
    (flock 9 && warm_up) 9>"$WINEPREFIX.lock"
}

stop() {
    rm -f "$warm"
    if [ ! -d "$WINEPREFIX" ]; then return; fi
    wineserver -k >/dev/null 2>&1 || true
    wineserver -w >/dev/null 2>&1 || true
    folder=""
    if [ -r "$WINEPREFIX/wineserver" ]; then
        read -r folder <"$WINEPREFIX/wineserver" || true # the file has no newline at its end
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
        if ! has_32_bits "$1"; then
            preload "$quick_exit"
            export LD_PRELOAD="$preloads"
        fi
        # shellcheck disable=SC2086
        exec $fixed wine "$@"
        ;;
esac
