# shellcheck shell=sh
# Text from outside reaches a terminal only through a few functions, which make it harmless: say()
# and print() (cli/terminal.cc, cli/print.cc), and show() for pictures and tables of escaped names.
# A message names a path or a word with in_quotes().
find_violations() {
    sources cli reader writer console bridge | grep -v -e '^cli/terminal[_.]' -e '^cli/screen_' |
        while read -r file; do
            # The output of the decoding process goes to its parent, and the parent checks it.
            case $file in
                console/look/picture_decoder.cc | cli/child_program_*) ;;
                *) awk -v file="$file" '
                    /(fputs|fputc|fwrite|puts|putchar|printf)[ \t]*\(|std::(cout|cerr|clog)/ ||
                    /STDOUT_FILENO|STDERR_FILENO|STD_OUTPUT_HANDLE|STD_ERROR_HANDLE/ ||
                    /WriteConsole/ {
                        if (file !~ /^console\/look\/limited_process_/)
                            printf "%s:%d: writes past say() and print()\n", file, FNR
                    }' "$file" ;;
            esac
            case $file in
                cli/screen.h | console/look/picture_text.cc) ;;
                *) awk -v file="$file" '/\\x1[bB]|\\033|\\e\[/ {
                    printf "%s:%d: an escape sequence beside those of screen.h\n", file, FNR
                }' "$file" ;;
            esac
            case $file in
                cli/screen.h | console/look/top_command.cc | console/look/view_command.cc) ;;
                *) awk -v file="$file" '/(^|[^_[:alnum:]])show\(/ {
                    printf "%s:%d: show() is for the screens of top and view\n", file, FNR
                }' "$file" ;;
            esac
        done
    sources lib cli reader writer console bridge |
        grep -v '^lib/src/\(base/printable_text\|transfer/reader/file_name\).cc$' |
        while read -r file; do
            awk -v file="$file" '{
                line = $0
                sub(/^[ \t]*\/\/.*/, "", line)
                gsub(/\\\\/, "", line)
                gsub(/L"([^"\\]|\\.)*"/, "", line)
            }
            line ~ /\\"/ { printf "%s:%d: quotes by hand instead of by in_quotes()\n", file, FNR }
            ' "$file"
        done
}

examples() {
    good cli/a.cc <<'END'
say("a: error: " + describe(status) + "\n");
END
    good cli/terminal_linux.cc <<'END'
std::fwrite(text.data(), 1, text.size(), stderr);
END
    bad reader/a.cc <<'END'
std::fputs(name.c_str(), stdout);
END
    bad writer/a.cc <<'END'
std::cerr << name;
END
    bad reader/b_linux.cc <<'END'
(void)write(STDOUT_FILENO, name.data(), name.size());
END
    bad reader/c.cc <<'END'
say("\x1b[K" + name);
END
    bad reader/d.cc <<'END'
return show(name);
END
    good console/look/top_command.cc <<'END'
return show(text);
END
    bad lib/src/a.cc <<'END'
return fail(Code::kIo, "cannot open \"" + path + "\"");
END
    good lib/src/b.cc <<'END'
return fail(Code::kIo, "cannot open " + in_quotes(path));
END
    good reader/a_win32.cc <<'END'
std::wstring line = L"\"" + program + L"\" ";
END
}
