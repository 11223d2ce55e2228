# shellcheck shell=sh
# Sources are plain ASCII, so that no compiler and no terminal reads them differently.
find_violations() {
    { sources; scripts; } |
        LC_ALL=C xargs -r awk '
        /[^\t -~]/ { print FILENAME ":" FNR ": a character outside ASCII" }'
}

examples() {
    echo 'const char* a = "\u00e4 ~";' | good lib/src/a.cc
    printf '// \303\244\n' | bad lib/src/a.cc
    printf 'int a;\r\n' | bad lib/src/a.h
    printf '# \342\200\224\n' | bad tests/a.sh
}
