# shellcheck shell=sh
# Headers are included once, and open no namespace in the files that include them.
find_violations() {
    sources | grep -E '\.(h|hpp)$' | xargs -r awk '
        /^#pragma once$/ { once[FILENAME] = 1 }
        /^[ \t]*using namespace / { print FILENAME ":" FNR ": using namespace in a header" }
        END {
            for (i = 1; i < ARGC; ++i)
                if (!once[ARGV[i]]) print ARGV[i] ":1: no #pragma once"
        }'
}

examples() {
    printf '// A.\n#pragma once\nusing std::swap;\n' | good lib/src/a.h
    printf '// A.\nint a();\n' | bad lib/src/a.h
    printf '#pragma once\nusing namespace std;\n' | bad tests/a.h
    printf '#pragma once\nusing namespace std;\n' | bad lib/include/mapferry/a.hpp
}
