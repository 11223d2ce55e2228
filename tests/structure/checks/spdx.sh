# shellcheck shell=sh
# Every source begins with its licence, in the form of SPDX. Sources for C say it in their comments.
find_violations() {
    sources | xargs -r awk '
        BEGIN {
            for (i = 1; i < ARGC; ++i) {
                first = ""
                getline first <ARGV[i]
                close(ARGV[i])
                if (first ~ /^\/[*] .* [*]\/$/) first = "// " substr(first, 4, length(first) - 6)
                if (first != "// SPDX-License-Identifier: Apache-2.0")
                    print ARGV[i] ":1: does not begin with the SPDX line"
            }
            exit
        }'
}

examples() {
    printf '// SPDX-License-Identifier: Apache-2.0\nint a;\n' | good lib/src/a.cc
    printf '// A.\n// SPDX-License-Identifier: Apache-2.0\n' | bad lib/src/a.cc
    printf '/* SPDX-License-Identifier: Apache-2.0 */\nint a;\n' | good lib/include/mapferry/a.h
    echo 'int a;' | bad tests/a.h
    echo '// SPDX-License-Identifier: MIT' | bad cli/a.h
}
