# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# Files of one program, or of one folder of lib, share no name in their anonymous namespaces: the
# compiler takes several of them at once (CMAKE_UNITY_BUILD), and a call could then reach the other
# file's function. Files for different systems never meet, and what has compiler options of its own
# is compiled alone: lib/CMakeLists.txt.

# Prints the sources that may be compiled together: SET FILE.
sets() {
    sources lib capi json cli writer reader console bridge | grep '\.cc$' |
        grep -v '^lib/src/pixels/convert_\|^lib/src/image/stb_\|^lib/src/base/cpu_gnu' | awk -F / '{
        set = $1
        if ($1 == "lib") { set = $0; sub("/[^/]*$", "", set) }
        if ($1 == "console" && $2 == "serve") set = "console/serve"
        print set, $0
    }'
}

find_violations() {
    sets | while read -r set file; do
        awk -v set="$set" '
            /^namespace \{/ { hidden = 1; next }
            /^}  \/\/ namespace$/ { hidden = 0 }
            !hidden || /^(template|static_assert|using|public|private|#|\/\/|}| |$)/ { next }
            match($0, /^(struct|class|enum class|union) [A-Za-z_0-9]+/) {
                name = substr($0, RSTART, RLENGTH)
                sub(/.* /, "", name)
                print set, name, FILENAME ":" FNR
                next
            }
            match($0, /[ *&]k[A-Z][A-Za-z_0-9]*( =|\{|\[|;)/) && /^(constexpr|const|inline|std::)/ {
                name = substr($0, RSTART + 1, RLENGTH - 1)
                sub(/[^A-Za-z_0-9].*/, "", name)
                print set, name, FILENAME ":" FNR
                next
            }
            match($0, /[ *&][a-z_0-9]+\(/) {
                print set, substr($0, RSTART + 1, RLENGTH - 2), FILENAME ":" FNR
            }' "$file"
    done | awk '
        {
            file = $3
            sub(/:.*/, "", file)
            system_ = file ~ /_linux\.cc$/ ? "linux" : file ~ /_win32\.cc$/ ? "win32" : ""
            key = $1 " " $2
            for (other in seen) {
                split(other, part, SUBSEP)
                if (part[1] == key && part[2] != file &&
                    (system_ == "" || part[3] == "" || part[3] == system_)) {
                    print $3 ": " $2 " is also in " part[2]
                    break
                }
            }
            seen[key, file, system_] = 1
        }'
}

# hidden DEFINITION: the text of a file that has it in its anonymous namespace.
hidden() { printf 'namespace {\n%s\n}  // namespace\n' "$1"; }

examples() {
    hidden 'int rate(int bytes) {' | also writer/other.cc
    hidden 'double rate(double bytes) {' | bad writer/one.cc
    hidden 'constexpr int kLook = 1;' | also writer/other.cc
    hidden 'constexpr int kLook = 2;' | bad writer/one.cc
    hidden 'struct Tally {};' | also reader/other.cc
    hidden 'struct Tally {};' | bad reader/one.cc
    hidden 'struct Tally {};' | also reader/other.cc
    hidden 'struct Tally {};' | good writer/one.cc
    hidden 'int rate() {' | also cli/screen_linux.cc
    hidden 'int rate() {' | good cli/screen_win32.cc
}
