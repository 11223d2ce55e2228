# shellcheck shell=sh disable=SC2016
# docs/json.md lists exactly the events and fields that the programs write as JSON. In the sources a
# field is {"name", value} or object["name"], an event {"event", "name"}.
find_violations() {
    page=docs/json.md
    if [ ! -f "$page" ]; then return; fi
    written=$(mktemp)
    listed=$(mktemp)
    words_of_sources | sort -u >"$written"
    words_of_page | sort -u >"$listed"
    comm -23 "$written" "$listed" | sed "s|^|$page:1: does not have the |"
    comm -13 "$written" "$listed" | sed "s|^|$page:1: no program writes the |"
    rm -f "$written" "$listed"
}

words_of_sources() {
    # The bridge also stores JSON; what it prints is an event.
    {
        sources json cli reader writer console
        sources bridge | while read -r file; do
            if grep -q '{"event", ' "$file"; then echo "$file"; fi
        done
    } | while read -r file; do
        grep -qE '<nlohmann/json.hpp>|^namespace mapferry::json' "$file" || continue
        grep -oE '\{"[a-z_0-9]+",|\["[a-z_0-9]+"\]' "$file" | sed 's/[^a-z_0-9]//g; s/^/field /'
        grep -oE '\{"event", "[a-z]+"' "$file" | sed 's/.*, "/event /; s/"//'
    done
}

words_of_page() {
    sed -n 's/^| `\([a-z_0-9]*\)` |.*/field \1/p; s/^### event `\([a-z]*\)`.*/event \1/p' \
        "$page"
}

examples() {
    page_text='### event `a`
| `event` | string |
| `b` | string |
| `c_2` | string |'
    source_text='#include <nlohmann/json.hpp>
object = {{"event", "a"}, {"b", x}};
object["c_2"] = 1;'
    echo "$page_text" | also docs/json.md
    echo "$source_text" | good cli/a.cc
    echo "$page_text" | also docs/json.md
    printf '%s\nobject["d"] = 1;\n' "$source_text" | bad cli/a.cc
    echo "$page_text" | also docs/json.md
    printf '%s\nobject = {{"event", "d"}};\n' "$source_text" | bad reader/a.cc
    printf '%s\n| `e` | string |\n' "$page_text" | also docs/json.md
    echo "$source_text" | bad cli/a.cc
    printf '%s\n### event `e`\n' "$page_text" | also docs/json.md
    echo "$source_text" | bad writer/a.cc
}
