#!/bin/sh
# client.sh LANGUAGE BUILD ROOT: compiles the client in C# (csharp) or Rust (rust) and runs it: it
# reads the frames of a program in C++, and adds one to the number in a buffer to which a program in
# C has added a thousand. Ends with 125 where the compiler is not installed.
set -eu

language=$1
build=$2
root=$3
folder=$(mktemp -d)
section=client-$$-$(date +%N)
buffer=$section-buffer
peer=$build/tests/c/mapferry_c_peer
finish() {
    "$peer" print-and-remove "$buffer" >"$folder/log" 2>&1 || true # after a failure
    rm -rf "$folder"
}
trap finish EXIT
LD_LIBRARY_PATH=$build/capi
export LD_LIBRARY_PATH

case $language in
    csharp)
        if ! command -v mcs >/dev/null || ! command -v mono >/dev/null; then
            echo "skipped: there is no compiler for C# (packages mono-mcs, mono-runtime)" >&2
            exit 125
        fi
        mcs -warnaserror "-out:$folder/Client.exe" "$root/tests/languages/Client.cs"
        cat >"$folder/Client.exe.config" <<'END'
<configuration><dllmap dll="mapferry" target="libmapferry.so.0"/></configuration>
END
        client="mono $folder/Client.exe"
        ;;
    rust)
        # Without a home folder's settings, a manager of several compilers may have none to offer.
        if ! rustc --version >"$folder/log" 2>&1; then
            echo "skipped: there is no rustc" >&2
            exit 125
        fi
        rustc --edition 2021 -D warnings -L "$build/capi" -l mapferry -o "$folder/client" \
            "$root/tests/languages/client.rs"
        client=$folder/client
        ;;
esac

timeout 90 "$peer" count-in-buffer "$buffer"
timeout 90 "$build/bin/mapferry-example-cpp17-camera" "$section" 3 &
camera=$!
timeout 90 $client "$section" "$buffer" >"$folder/frames" || { wait "$camera" || true; exit 1; }
wait "$camera"
printf '0 640x480 BGR24 255\n1 640x480 BGR24 0\n2 640x480 BGR24 0\n' | diff - "$folder/frames"
test "$("$peer" print-and-remove "$buffer")" = 1001
