#!/bin/sh
# pascal_api.sh: prints pascal/mapferryapi.pas, the C interface for Pascal: its constants and its
# functions, made of the headers in lib/include/mapferry/c.
set -eu

headers=$(cd "$(dirname "$0")/../lib/include/mapferry" && pwd)

# constants: prints `  NAME = VALUE;` for each macro without parameters.
constants() {
    sed -n 's,^#define \(MAPFERRY_[A-Z0-9_]*\) \([^ ].*\)$,\1 \2,p' "$headers"/c/*.h |
        sed 's, */\*.*,,' | awk '
        {
            value = $2
            if (value == "INT64_MIN") value = "Low(Int64)"
            gsub(/[()]/, "", value)
            if (value == "LowInt64") value = "Low(Int64)"
            # Pascal takes this for the function mapferry_image_bytes.
            if ($1 == "MAPFERRY_IMAGE_BYTES") $1 = $1 "_KEY"
            printf "  %s = %s;\n", $1, value
        }'
}

# functions: prints a declaration for each function, wrapped at 100 columns.
functions() {
    cat "$headers"/c/*.h | awk '
        { gsub(/\/\*[^*]*\*\//, "") }
        /\/\*/ { sub(/\/\*.*/, ""); inside = 1; print; next }
        inside && /\*\// { sub(/.*\*\//, ""); inside = 0 }
        inside { next }
        !/^[ \t]*#/ { print }' | tr '\n' ' ' | tr ';' '\n' | awk '
        # The Pascal type of a type of C, which ends with its stars.
        function type_of(c) {
            gsub(/const /, "", c)
            gsub(/ /, "", c)
            if (c in known) return known[c]
            if (c ~ /^mapferry_[a-z_]+\*\*$/) return "PPointer"
            if (c ~ /^mapferry_[a-z_]+\*$/) { sub(/\*$/, "", c); return "P" c }
            print "pascal_api.sh: no Pascal type for " c >"/dev/stderr"
            exit 1
        }
        BEGIN {
            known["char*"] = "PAnsiChar"; known["void*"] = "Pointer"; known["void**"] = "PPointer"
            known["int32_t"] = "Integer"; known["int32_t*"] = "PInteger"
            known["uint32_t"] = "Cardinal"; known["size_t"] = "NativeUInt"
            known["size_t*"] = "PNativeUInt"; known["int64_t"] = "Int64"
            known["int64_t*"] = "PInt64"; known["uint64_t"] = "UInt64"
            known["uint64_t*"] = "PUInt64"
        }
        /MAPFERRY_API/ {
            sub(/.*MAPFERRY_API/, "")
            gsub(/MAPFERRY_CALL|MAPFERRY_NOEXCEPT/, "")
            gsub(/[ \t]+/, " ")
            match($0, /mapferry_[a-z0-9_]+ ?\(/)
            name = substr($0, RSTART, RLENGTH - 1)
            result = substr($0, 1, RSTART - 1)
            arguments = substr($0, RSTART + RLENGTH)
            sub(/\).*/, "", arguments)
            text = ""
            count = arguments ~ /^ *void *$/ ? 0 : split(arguments, list, ",")
            for (i = 1; i <= count; ++i) {
                match(list[i], /[a-z0-9_]+ *$/)
                word = substr(list[i], RSTART)
                gsub(/ /, "", word)
                type = type_of(substr(list[i], 1, RSTART - 1))
                text = text (i > 1 ? "; " : "") "A" word ": " type
            }
            if (text != "") text = "(" text ")"
            gsub(/const /, "", result)
            gsub(/ /, "", result)
            line = result == "void" ? "procedure " name text ";" \
                                    : "function " name text ": " type_of(result) ";"
            # Breaks the line at blanks.
            line = line " stdcall; external MapferryLibrary;"
            indent = "  "
            while (length(indent line) > 98) {
                cut = 98 - length(indent)
                while (substr(line, cut, 1) != " ") --cut
                print indent substr(line, 1, cut - 1)
                line = substr(line, cut + 1)
                indent = "    "
            }
            print indent line
        }'
}

cat <<'END'
// SPDX-License-Identifier: Apache-2.0
// The C interface of mapferry for Delphi and Free Pascal, made of its headers by
// scripts/pascal_api.sh: do not change it here. The manual is docs/c.md. Classes that are easier
// to use are in mapferry.pas.
//
// Pascal does not distinguish MAPFERRY_IMAGE_BYTES from mapferry_image_bytes, so that key is called
// MAPFERRY_IMAGE_BYTES_KEY here. Parameters have an A before their C name. Handles are typed
// pointers; a call that hands one out fills the variable whose address it gets (@Frame). Texts are
// UTF-8. Windows: mapferry.dll with as many bits as the program. Linux: libmapferry.so.0, on 64-bit
// systems.
unit mapferryapi;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}

interface

const
{$IFDEF MSWINDOWS}
  MapferryLibrary = 'mapferry.dll';
{$ELSE}
  MapferryLibrary = 'libmapferry.so.0';
{$ENDIF}

END
constants
printf '\ntype\n'
sed -n 's/^typedef struct \(mapferry_[a-z_]*\) .*/  P\1 = type Pointer;/p' "$headers"/c/c_base.h
cat <<'END'
{$IFNDEF FPC}
{$IF CompilerVersion < 23}
  PNativeUInt = ^NativeUInt;
{$IFEND}
{$ELSE}
  PNativeUInt = ^NativeUInt;
  PUInt64 = ^UInt64;
{$ENDIF}

END
functions
cat <<'END'

implementation

end.
END
