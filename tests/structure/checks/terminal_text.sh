# shellcheck shell=sh
# Text from outside reaches a terminal only through a few functions, which make it harmless: say()
# and print() (cli/terminal.cc, cli/print.cc), and show() for pictures and tables of escaped names.
# A message names a path or a word with in_quotes().
find_violations() {
    # The output of the decoding process goes to its parent, and the parent checks it.
    sources cli reader writer console bridge |
        grep -v -e '^cli/terminal[_.]' -e '^cli/screen_' | xargs -r awk '
        FNR == 1 {
            writes = FILENAME ~ /^console\/look\/(picture_decoder\.cc|limited_process_)/ ||
                     FILENAME ~ /^cli\/child_program_/
            escapes = FILENAME ~ /^(cli\/screen\.h|console\/look\/picture_text\.cc)$/
            shows = FILENAME ~ /^(cli\/screen\.h|console\/look\/(top|view)_command\.cc)$/
        }
        function report(what) { printf "%s:%d: %s\n", FILENAME, FNR, what }
        !writes && (/(fputs|fputc|fwrite|puts|putchar|printf)[ \t]*\(|std::(cout|cerr|clog)/ ||
                    /STDOUT_FILENO|STDERR_FILENO|STD_OUTPUT_HANDLE|STD_ERROR_HANDLE/ ||
                    /WriteConsole/) { report("writes past say() and print()") }
        !escapes && /\\x1[bB]|\\033|\\e\[/ { report("an escape sequence beside those of screen.h") }
        !shows && /(^|[^_[:alnum:]])show\(/ { report("show() is for the screens of top and view") }'
    sources lib cli reader writer console bridge |
        grep -v '^lib/src/\(base/printable_text\|transfer/reader/file_name\).cc$' |
        xargs -r awk '{
            line = $0
            sub(/^[ \t]*\/\/.*/, "", line)
            gsub(/\\\\/, "", line)
            gsub(/L"([^"\\]|\\.)*"/, "", line)
        }
        line ~ /\\"/ { printf "%s:%d: quotes by hand instead of by in_quotes()\n", FILENAME, FNR }'
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
