# shellcheck shell=sh
# The text that docs/porting.md prints after `<!-- FILE -->` is the text between the marks of that
# source, and the page prints every source of examples/porting.
find_violations() {
    doc=docs/porting.md
    if [ ! -f "$doc" ]; then return; fi
    printed=$(sed -n 's/^<!-- \(examples\/porting\/.*\) -->$/\1/p' "$doc")
    for file in $printed; do
        if [ ! -f "$file" ]; then
            echo "$doc:1: prints $file, which does not exist"
        elif [ "$(printed_of "$file")" != "$(marked_of "$file")" ]; then
            echo "$file:1: differs from what $doc prints"
        fi
    done
    for file in examples/porting/*.cc; do
        if [ ! -f "$file" ]; then continue; fi
        echo "$printed" | grep -Fqx -- "$file" || echo "$file:1: not printed in $doc"
        if [ -z "$(marked_of "$file")" ]; then echo "$file:1: no snippet between its marks"; fi
    done
}

# marked_of FILE: prints the lines between its marks.
marked_of() { sed -n '/^\/\/ \[snippet\]$/,/^\/\/ \[end of snippet\]$/p' "$1" | sed '1d; $d'; }

# printed_of FILE: prints the block behind its name in the document.
printed_of() {
    awk -v name="<!-- $1 -->" '
        $0 == name { wanted = 1; next }
        wanted && /^```cpp$/ { inside = 1; next }
        inside && /^```$/ { exit }
        inside { print }' docs/porting.md
}

examples() {
    snippet='// [snippet]\nint a();\n// [end of snippet]\n'
    block='<!-- examples/porting/a.cc -->\n```cpp\nint a();\n```\n'
    # shellcheck disable=SC2059
    printf "$block" | also docs/porting.md
    # shellcheck disable=SC2059
    printf "// A.\n$snippet" | good examples/porting/a.cc
    # shellcheck disable=SC2059
    printf "$block" | also docs/porting.md
    printf '// [snippet]\nint b();\n// [end of snippet]\n' | bad examples/porting/a.cc
    echo 'nothing' | also docs/porting.md
    # shellcheck disable=SC2059
    printf "$snippet" | bad examples/porting/a.cc
    # shellcheck disable=SC2059
    printf "$block" | also docs/porting.md
    bad examples/porting/b.cc </dev/null
}
