# shellcheck shell=sh
# Headers are included once, and open no namespace in the files that include them.
find_violations() {
    sources | grep -E '\.(h|hpp)$' | while read -r file; do
        awk -v file="$file" '
            /^#pragma once$/ { once = 1 }
            /^[ \t]*using namespace / { print file ":" FNR ": using namespace in a header" }
            END { if (!once) print file ":1: no #pragma once" }' "$file"
    done
}

examples() {
    printf '// A.\n#pragma once\nusing std::swap;\n' | good lib/src/a.h
    printf '// A.\nint a();\n' | bad lib/src/a.h
    printf '#pragma once\nusing namespace std;\n' | bad tests/a.h
    printf '#pragma once\nusing namespace std;\n' | bad lib/include/mapferry/a.hpp
}
