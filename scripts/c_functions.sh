#!/bin/sh
# c_functions.sh: what the headers of the C interface declare, for files that are made of it.
#   names      the functions, sorted, one a line
#   def        mapferry.def: the list for a DLL
#   def-x86    mapferry_x86.def: the same with the bytes of each function's arguments, as 32-bit
#              Windows counts them: for import libraries
set -eu

headers=$(cd "$(dirname "$0")/../lib/include/mapferry" && pwd)

# Prints NAME and the bytes of its arguments.
functions() {
    cat "$headers"/c/*.h | awk '
        { gsub(/\/\*[^*]*\*\//, "") }
        /\/\*/ { sub(/\/\*.*/, ""); inside = 1; print; next }
        inside && /\*\// { sub(/.*\*\//, ""); inside = 0 }
        inside { next }
        !/^[ \t]*#/ { print }' | tr '\n' ' ' | tr ';' '\n' | awk '
        /MAPFERRY_API/ {
            match($0, /mapferry_[a-z0-9_]+\(/)
            name = substr($0, RSTART, RLENGTH - 1)
            # The type of the result has such a name too, but no parenthesis.
            arguments = substr($0, RSTART + RLENGTH)
            sub(/\).*/, "", arguments)
            count = split(arguments, list, ",")
            bytes = 0
            for (i = 1; i <= count; ++i) {
                if (list[i] ~ /^ *void *$/) continue
                bytes += list[i] !~ /\*/ && list[i] ~ /u?int64_t/ ? 8 : 4
            }
            print name, bytes
        }' | LC_ALL=C sort
}

case ${1-} in
    names) functions | sed 's/ .*//' ;;
    def)
        echo "LIBRARY mapferry.dll"
        echo "EXPORTS"
        functions | sed 's/ .*//; s/^/    /'
        ;;
    def-x86)
        echo "LIBRARY mapferry.dll"
        echo "EXPORTS"
        functions | sed 's/ /@/; s/^/    /'
        ;;
    *)
        echo "usage: c_functions.sh names|def|def-x86" >&2
        exit 64
        ;;
esac
