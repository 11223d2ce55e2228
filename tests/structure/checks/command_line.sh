# shellcheck shell=sh
# The library knows no command line: no string in lib/ names a program of ours or an option. A
# Status has a Remedy for that, and cli/remedy.cc has its text. Strings may name options of other
# programs: docker, systemd-run, mount, ulimit, setfacl and cp.
find_violations() {
    sources lib | while read -r file; do
        awk -v file="$file" '
            /^[ \t]*(\/\/|#)/ { next }
            {
                line = $0
                text = ""
                while (match(line, /"([^"\\]|\\.)*"/)) {
                    text = text " " substr(line, RSTART + 1, RLENGTH - 2) " "
                    line = substr(line, RSTART + RLENGTH)
                }
                gsub(/(docker run|cp) --[a-z-]+/, "", text)
                gsub(/(mount|systemd-run|ulimit|setfacl) -[a-z]/, "", text)
            }
            text ~ /--[a-z]/ || text ~ / -[a-z] / ||
            text ~ /(^|[^.[:alnum:]])mapferry-(writer|reader)/ ||
            text ~ /mapferry (send|receive|ls|info|verify|rm|gc|doctor|bench|top|view)[^a-z]/ {
                printf "%s:%d: names an option or a program; use a Remedy\n", file, FNR
            }' "$file"
    done
}

examples() {
    good lib/src/a.cc <<'END'
// The program calls it --force.
return fail(Code::kCannotCreate, in_quotes(path) + " exists", Remedy::kReplaceOutput);
END
    good lib/src/b_linux.cc <<'END'
fact.hint = "enlarge it (docker run --shm-size=1g; mount -o remount,size=1g /dev/shm)";
constexpr const char* kPrefix = ".mapferry-new.";
hint = "use the same mapferry version on both sides";
return dashes(a-- - --b);
END
    bad lib/src/a.cc <<'END'
return fail(Code::kCannotCreate, in_quotes(path) + " exists", "replace it with --force");
END
    bad lib/src/b.cc <<'END'
hint = "start mapferry-writer with the same name";
END
    bad lib/src/c.cc <<'END'
hint = "remove it: mapferry rm " + name;
END
    bad lib/include/mapferry/d.h <<'END'
hint = "to write to a pipe, use -o - and redirect";
END
    bad lib/src/e_linux.cc <<'END'
hint = "enlarge it (docker run --shm-size=1g), or use --backing PATH";
END
}
