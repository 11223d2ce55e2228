# shellcheck shell=sh
# Sources are plain ASCII, so that no compiler and no terminal reads them differently.
find_violations() {
    { sources; scripts; } | while read -r file; do
        LC_ALL=C awk -v file="$file" '
            /[^\t -~]/ { print file ":" FNR ": a character outside ASCII" }' "$file"
    done
}

examples() {
    echo 'const char* a = "\u00e4 ~";' | good lib/src/a.cc
    printf '// \303\244\n' | bad lib/src/a.cc
    printf 'int a;\r\n' | bad lib/src/a.h
    printf '# \342\200\224\n' | bad tests/a.sh
}
