# shellcheck shell=sh
# A program of examples/ has at most 80 lines, its first lines show what to type in two terminals,
# and the index in docs/library.md lists it.
find_violations() {
    for file in examples/*.cc; do
        if [ ! -f "$file" ]; then continue; fi
        lines=$(wc -l <"$file")
        [ "$lines" -le 80 ] || echo "$file:$lines: more than 80 lines"
        sed '/^[^/]/,$d' "$file" | grep -q '^//     terminal 1: .*mapferry-example-' ||
            echo "$file:1: does not say what to type in terminal 1"
        grep -q "(\.\./$file)" docs/library.md || echo "$file:1: not in docs/library.md"
    done
}

examples() {
    head='// SPDX\n// A.\n//     terminal 1: mapferry-example-a\n'
    echo '| [a.cc](../examples/a.cc) |' | also docs/library.md
    # shellcheck disable=SC2059
    printf "$head#include <a>\n" | good examples/a.cc
    echo '| [a.cc](../examples/a.cc) |' | also docs/library.md
    { echo '#include <a>' && echo '//     terminal 1: mapferry-example-a'; } | bad examples/a.cc
    echo '| [b.cc](../examples/b.cc) |' | also docs/library.md
    # shellcheck disable=SC2059
    printf "$head" | bad examples/a.cc
    echo '| [a.cc](../examples/a.cc) |' | also docs/library.md
    # shellcheck disable=SC2059
    { printf "$head" && awk 'BEGIN { while (++n < 80) print "int a;" }'; } | bad examples/a.cc
}
