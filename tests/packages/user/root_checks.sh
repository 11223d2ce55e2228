# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# root_checks.sh: the checks of in_root.sh, a function each.

# Every file of the root, except those that dpkg and others keep about their own work. Times and
# the sizes of folders change without a trace.
files_of_the_root() {
    find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /run \
        -o -path /user -o -path /packages -o -path /var/log -o -path /var/cache \) -prune \
        -o -type d -printf '%p %M %u %g\n' -o -type l -printf '%p -> %l\n' \
        -o -printf '%p %M %u %g %s\n' |
        grep -v -e '^/var/lib/dpkg/\(status\|available\|lock\|triggers\|alternatives\)' |
        LC_ALL=C sort
}

packages_install() {
    files_of_the_root >/tmp/files_before
    dpkg --install /packages/*.deb
    for package in mapferry mapferry-bridge mapferry-serve libmapferry0 libmapferry-dev \
        python3-mapferry gstreamer1.0-mapferry; do
        dpkg-query -W -f '${Status}\n' $package | grep -qx "install ok installed"
    done
}

programs_are_dynamic() {
    for program in mapferry mapferry-writer mapferry-reader mapferry-bridge mapferry-serve; do
        ldd /usr/bin/$program | grep -q 'libstdc++.so.6 => /'
        /usr/bin/$program --version | grep -q '^mapferry'
    done
    test -z "$(ldd /usr/bin/mapferry | grep 'not found')"
}

programs_pass_a_file() {
    head -c 5000000 /dev/urandom >source
    timeout 60 mapferry send --name installed source &
    timeout 60 mapferry receive --name installed -o copy
    wait $!
    cmp source copy
}

# Exit codes as documented: wrong usage, no such object, a server that is not there.
bridge_passes_a_payload() {
    code=0
    mapferry-bridge export --name installed || code=$?
    test "$code" -eq 64
    code=0
    mapferry-bridge ls nats://127.0.0.1:4222 --timeout 100ms || code=$?
    test "$code" -eq 69
    nats-server --jetstream --store_dir /tmp/nats --addr 127.0.0.1 --port 4222 &
    server=$!
    timeout 60 mapferry send -q --keep --name near source
    timeout 60 mapferry-bridge export --name near --to nats://127.0.0.1/kept/one
    timeout 60 mapferry bridge import --name far --from nats://127.0.0.1/kept/one
    timeout 60 mapferry receive --name far -o far
    cmp source far
    code=0
    mapferry-bridge verify nats://127.0.0.1/kept/two || code=$?
    test "$code" -eq 66
    kill "$server"
    wait "$server" || true
    mapferry rm near
    mapferry rm far
}

c_by_pkg_config() {
    # The words of pkg-config are separate on purpose.
    # shellcheck disable=SC2046
    gcc -Wall -Werror $(pkg-config --cflags mapferry) /user/installed.c -o c_program \
        $(pkg-config --libs mapferry)
    ldd c_program | grep -q 'libmapferry.so.0 => /'
    ./c_program
}

c_static_by_pkg_config() {
    # shellcheck disable=SC2046
    gcc -static $(pkg-config --cflags mapferry) /user/installed.c -o c_static \
        $(pkg-config --static --libs mapferry)
    ./c_static
}

programs_build_by_find_package() {
    cmake -S /user -B cmake -G Ninja
    cmake --build cmake
}

c_user_runs() { cmake/c_user; }

cxx17_user_runs() { cmake/cxx17_user; }

cxx23_user_runs() { cmake/cxx23_user; }

cxx23_programs_pass_bytes() {
    timeout 60 cmake/send_bytes installed 100000 &
    timeout 60 cmake/receive_bytes installed | grep 800000
    wait $!
}

python_passes_arrays() { timeout 60 python3 /user/arrays.py; }

python_knows_the_version() {
    python3 -c '
import importlib.metadata, mapferry
assert importlib.metadata.version("mapferry") in mapferry.version
assert mapferry.__file__.startswith("/usr/lib/python3/dist-packages/")'
}

# Notes and warnings are failures.
pascal_shares_a_buffer() {
    mkdir pascal
    fpc -v0ewn -Sewn -Fu/usr/share/mapferry/pascal -FEpascal /user/pascaltest.pas
    test "$(timeout 60 pascal/pascaltest stream installed-stream)" = "stream ok"
}

man_finds_pages() {
    man mapferry | grep -q SYNOPSIS
    man mapferry send | grep -q -- --name
    man mapferry-bridge | grep -q -- --from
    man 5 mapferry | grep -qi section
    man 7 mapferry | grep -qi payload
    man 3 mapferry.h | grep -q mapferry_frame_reader_open
}

bash_completes() {
    bash -c '. /usr/share/bash-completion/bash_completion
        _completion_loader mapferry || test $? -eq 124
        function=$(complete -p mapferry | sed "s/.*-F \([^ ]*\).*/\1/")
        COMP_WORDS=(mapferry rec) COMP_CWORD=1 COMP_LINE="mapferry rec" COMP_POINT=12
        $function mapferry rec mapferry
        echo "${COMPREPLY[*]}"' | grep -w receive
}

zsh_completes() {
    # shellcheck disable=SC2016
    zsh -fc 'autoload -Uz compinit; compinit -u -D; print -r -- $_comps[mapferry-writer]' |
        grep -x _mapferry
}

fish_completes() {
    fish -c 'complete -C "mapferry rec"' | grep -w '^receive'
    fish -c 'complete -C "mapferry-bridge --fro"' | grep -w -- '^--from'
}

# The frames come out as they went in; the plugin links no mapferry library of the system.
gstreamer_passes_frames() {
    gst-inspect-1.0 mapferrysink | grep -q 'Long-name'
    caps=video/x-raw,format=BGRx,width=640,height=360
    timeout 60 gst-launch-1.0 -q mapferrysrc section=gst mode=next ! filesink location=taken &
    timeout 60 gst-launch-1.0 -q videotestsrc num-buffers=20 ! $caps ! tee name=t \
        t. ! queue ! filesink location=sent \
        t. ! queue ! mapferrysink section=gst delivery=each readers=1 sync=false
    wait $!
    test "$(wc -c <sent)" -eq $((20 * 640 * 360 * 4))
    cmp sent taken
}

page_is_served() {
    mkfifo served
    timeout 60 mapferry serve --port 0 >served &
    server=$!
    read -r address <served
    python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read())' \
        "$address" | grep -q '<title>mapferry</title>'
    kill -TERM "$server"
    code=0
    wait "$server" || code=$?
    test "$code" -eq 143
}

removal_leaves_nothing() {
    dpkg --purge gstreamer1.0-mapferry python3-mapferry libmapferry-dev mapferry-bridge \
        mapferry-serve mapferry libmapferry0
    files_of_the_root >/tmp/files_after
    diff -u /tmp/files_before /tmp/files_after
    test "$(wc -l </tmp/files_before)" -gt 1000
}
