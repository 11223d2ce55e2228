# shellcheck shell=sh
# A file's name identifies the file: no two sources have the same name.
find_violations() {
    sources | awk -F/ '
        {
            name = tolower($NF)
            if (name in first) print $0 ":1: called like " first[name]
            first[name] = $0
        }'
}

examples() {
    also lib/src/hash.cc </dev/null
    also lib/src/hash_kernel.cc </dev/null
    good lib/include/mapferry/hash.h </dev/null
    also lib/src/hash.cc </dev/null
    bad lib/src/platform/hash.cc </dev/null
    also lib/src/writer.h </dev/null
    bad lib/include/mapferry/writer.h </dev/null
    also writer/main.cc </dev/null
    bad reader/main.cc </dev/null
}
