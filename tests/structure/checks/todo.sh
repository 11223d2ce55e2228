# shellcheck shell=sh
# Unfinished work has an issue, and the note has its number: TODO(#12).
find_violations() {
    { sources; scripts | grep -v '^tests/structure/'; } |
        xargs -r awk '
        /(^|[^A-Za-z0-9_])(TODO|FIXME)([^A-Za-z0-9_]|$)/ && !/#[0-9]+/ {
            print FILENAME ":" FNR ": a TODO without the number of its issue"
        }'
}

examples() {
    echo '// TODO(#12): faster' | good lib/src/a.cc
    echo 'int kTODOS = 1;' | good lib/src/a.cc
    echo '// TODO: faster' | bad lib/src/a.cc
    echo '# FIXME' | bad lib/CMakeLists.txt
    echo '// TODO(somebody)' | bad tests/unit/a_test.cc
}
