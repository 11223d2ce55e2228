# shellcheck shell=sh
# Every public header has an example in its file comment, indented by four blanks. The same text
# stands between `// [HEADER]` and `// [end of HEADER]` in a source of tests/headers, tests/c or
# tests/cpp17, which is compiled and run.
find_violations() {
    headers=lib/include/mapferry
    for header in "$headers"/*.h "$headers"/*.hpp; do
        if [ ! -f "$header" ]; then continue; fi
        name=$(basename "$header")
        compare "$header" "$name"
    done
    if [ ! -d tests/headers ]; then return; fi
    marks | sed 's/.*\[\(.*\)\]/\1/' | while read -r name; do
        [ -f "$headers/$name" ] || echo "$headers/$name:1: has an example, but no file"
    done
}

# compare HEADER NAME: reports where the example of HEADER differs from the one in tests/headers.
compare() {
    example=$(example_in "$1")
    lines=$(echo "$example" | wc -l)
    places=$(marks | sed -n "s/:.*\[$2\]\$//p")
    if [ -z "$example" ]; then
        echo "$1:1: has no example in its file comment"
    elif [ "$lines" -gt 16 ]; then
        echo "$1:1: has an example of $lines lines, more than 16"
    elif [ "$(echo "$places" | wc -w)" -ne 1 ]; then
        echo "$1:1: its example stands in $(echo "$places" | wc -w) sources of tests/headers"
    elif [ "$(snippet_in "$places" "$2")" != "$example" ]; then
        echo "$1:1: its example differs from the one in $places"
    fi
}

# example_in HEADER: prints the lines of its file comment that are indented by four blanks, and the
# empty ones between them. The comment of a header for C is the second one.
example_in() {
    sed '1!{
        s,^/[*] ,/// \\file ,
        s,^ [*]/.*,,
        s,^ [*],///,
    }' "$1" | awk '
        /^\/\/\/ \\file/ { inside = 1; next }
        inside && !/^\/\/\// { exit }
        inside && /^\/\/\/     / {
            printf "%s%s\n", held, substr($0, 9)
            held = ""
            begun = 1
            next
        }
        inside && /^\/\/\/$/ && begun { held = held "\n"; next }
        { begun = 0; held = "" }'
}

# marks: prints FILE:// [HEADER] for each example that begins in tests/headers.
marks() {
    grep -rHo --include='*.cc' -E '^// \[[a-z0-9_]*\.(h|hpp)\]$' \
        tests/headers tests/c tests/cpp17 2>/dev/null
}

# snippet_in FILE HEADER: prints the lines between its marks.
snippet_in() {
    awk -v from="// [$2]" -v to="// [end of $2]" '
        $0 == to { exit }
        inside { print }
        $0 == from { inside = 1 }' "$1"
}

examples() {
    comment='/// \\file\n/// A.\n///\n///     int a() {\n///         b();\n///\n///     }'
    comment=$comment'\n///\n/// More.'
    snippet='// [a.h]\nint a() {\n    b();\n\n}\n// [end of a.h]\n'
    tree "$snippet"
    printf '%b\n#pragma once\n' "$comment" | good lib/include/mapferry/a.h
    # The example differs from the header in a word, and in a line.
    tree '// [a.h]\nint a() {\n    c();\n\n}\n// [end of a.h]\n'
    printf '%b\n' "$comment" | bad lib/include/mapferry/a.h
    tree '// [a.h]\nint a() {\n    b();\n\n}\nint c();\n// [end of a.h]\n'
    printf '%b\n' "$comment" | bad lib/include/mapferry/a.h
    # The example is missing in the source, then in the header; then it is not in the file comment.
    tree ''
    printf '%b\n' "$comment" | bad lib/include/mapferry/a.h
    tree "$snippet"
    printf '/// \\file\n/// A.\n#pragma once\n' | bad lib/include/mapferry/a.h
    tree "$snippet"
    printf '/// \\file\n/// A.\n#pragma once\n%b\n' "$comment" |
        sed '4d' | bad lib/include/mapferry/a.h
    # A header for C.
    tree "$snippet"
    printf '/* SPDX */\n/* A.\n *\n *     int a() {\n *         b();\n *\n *     }\n */\n' |
        good lib/include/mapferry/a.h
    # A header for C++17.
    tree "$(printf '%s' "$snippet" | sed 's/a\.h/a.hpp/g')"
    printf '%b\n' "$comment" | good lib/include/mapferry/a.hpp
    tree ''
    printf '%b\n' "$comment" | bad lib/include/mapferry/a.hpp
    # Two examples; one that is too long; one without a header.
    tree "$snippet$snippet"
    printf '%b\n' "$comment" | bad lib/include/mapferry/a.h
    long=$(awk 'BEGIN { while (++n <= 17) printf "int a;\\n" }')
    tree "// [a.h]\n$long// [end of a.h]\n"
    printf '/// \\file\n%b' "$long" | sed '2,$s,^,///     ,' | bad lib/include/mapferry/a.h
    tree ''
    printf '%b\n' "$snippet" | bad tests/headers/b.cc
}

# tree SNIPPETS: puts these into a source of tests/headers in the next example's tree.
tree() { printf '%b' "$1" | also tests/headers/a.cc; }
