# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: Apache-2.0
# pascal_windows.sh: for scripts that compile Pascal for Windows.

# Free Pascal for Windows is in the compiler; its run-time library is compiled here, in seconds.
# run_time_library PROCESSOR COMPILER: for $system, win64 or win32, in $folder/units. Sets $units to
# the option for the compiler. Returns 125 where the compiler or the sources are not installed.
run_time_library() {
    sources=$(ls -d /usr/share/fpcsrc/*/rtl 2>/dev/null | tail -n 1)
    if [ -z "$sources" ] || ! command -v "$2" >/dev/null; then return 125; fi
    mkdir "$folder/units"
    objects=$sources/objpas
    options="-n -T$system -v0e -Sg -FU$folder/units -Fu$folder/units"
    for place in "$sources/$system" "$sources/win" "$sources/inc" "$sources/$1" "$objects" \
        "$objects/sysutils" "$objects/classes" "$sources/win/wininc"; do
        options="$options -Fu$place -Fi$place"
    done
    # The first unit stands for itself; the last one uses all others.
    for unit in "-Us $sources/$system/system.pp" "$sources/inc/uuchar.pp" "$objects/objpas.pp" \
        "$sources/$system/buildrtl.pp" "${sources%/rtl}/packages/fcl-base/src/syncobjs.pp"; do
        # shellcheck disable=SC2086
        "$2" $options $unit >"$folder/log" 2>&1 || { tail -n 20 "$folder/log" && return 1; }
    done
    units=-Fu$folder/units
}
