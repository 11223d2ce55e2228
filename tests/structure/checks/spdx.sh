# shellcheck shell=sh
# Every source begins with its licence, in the form of SPDX. Sources for C say it in their comments.
find_violations() {
    sources | while read -r file; do
        first=$(head -n 1 "$file" | sed "s,^/[*] \(.*\) [*]/\$,// \1,")
        [ "$first" = "// SPDX-License-Identifier: Apache-2.0" ] ||
            echo "$file:1: does not begin with the SPDX line"
    done
}

examples() {
    printf '// SPDX-License-Identifier: Apache-2.0\nint a;\n' | good lib/src/a.cc
    printf '// A.\n// SPDX-License-Identifier: Apache-2.0\n' | bad lib/src/a.cc
    printf '/* SPDX-License-Identifier: Apache-2.0 */\nint a;\n' | good lib/include/mapferry/a.h
    echo 'int a;' | bad tests/a.h
    echo '// SPDX-License-Identifier: MIT' | bad cli/a.h
}
