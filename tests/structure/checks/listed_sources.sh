# shellcheck shell=sh
# Every .cc file is named in the CMakeLists.txt of its folder, or of the nearest folder above that
# has one: a file that nobody builds is nobody's.
find_violations() {
    sources | grep '\.cc$' | while read -r file; do
        folder=$(dirname "$file")
        while [ "$folder" != . ] && [ ! -f "$folder/CMakeLists.txt" ]; do
            folder=$(dirname "$folder")
        done
        # shellcheck disable=SC2016
        entry=$(echo "${file#"$folder"/}" | sed 's,/\(linux\|win32\)/,/${MAPFERRY_OS}/,
            s,_\(linux\|win32\)\.cc$,_${MAPFERRY_OS}.cc,')
        listed "$folder/CMakeLists.txt" "$entry" || listed "$folder/CMakeLists.txt" \
            "${file#"$folder"/}" || echo "$file:1: not named in $folder/CMakeLists.txt"
    done
}

# listed LIST ENTRY: the entry is a word of the list, outside of comments.
listed() {
    [ -f "$1" ] && sed 's/#.*//' "$1" | tr -s ' ()' '[\n*]' | grep -Fqx -- "$2"
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
