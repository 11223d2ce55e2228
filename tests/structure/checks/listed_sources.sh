# shellcheck shell=sh
# Every .cc file is named in the CMakeLists.txt of its folder or of one above: no source is left out
# of the build.
find_violations() {
    scripts | grep 'CMakeLists\.txt$' | while read -r list; do
        sed 's/#.*//' "$list" | tr -s ' ()' '[\n*]' | grep '\.cc$' |
            sed "s,^,$(dirname "$list")/,"
    done >"$scratch/listed"
    sources | grep '\.cc$' | sed 's,$,:1: in no CMakeLists.txt,' |
        awk -F: -v listed="$scratch/listed" '
        BEGIN {
            while ((getline entry < listed) > 0) {
                for (os = 0; os < 2; ++os) {
                    file = entry
                    gsub(/[$][{]MAPFERRY_OS[}]/, os ? "win32" : "linux", file)
                    is_listed[file] = 1
                }
            }
        }
        !($1 in is_listed)'
}

examples() {
    # shellcheck disable=SC2016
    echo 'add_library(x src/a.cc src/b_${MAPFERRY_OS}.cc)' | also lib/CMakeLists.txt
    also lib/src/b_win32.cc </dev/null
    good lib/src/a.cc </dev/null
    echo 'add_library(x src/aa.cc) # src/a.cc' | also lib/CMakeLists.txt
    bad lib/src/a.cc </dev/null
    echo 'add_library(x src/b_linux.cc)' | also lib/CMakeLists.txt
    bad lib/src/b_win32.cc </dev/null
    bad bench/a.cc </dev/null
}
