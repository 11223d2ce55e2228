# shellcheck shell=sh
# A public function that returns a Result throws nothing: its body is one return of the result of
# guarded() in lib/src/base/exception_boundary.h, or of the functions that use it: call() and
# use_own().
find_violations() {
    [ -d lib/include/mapferry ] || return 0
    # shellcheck disable=SC2046
    awk '
        function declared(line) {
            sub(/^.*Result</, "", line)
            if (!match(line, /> [a-z_0-9]+\(/)) return ""
            return substr(line, RSTART + 2, RLENGTH - 3)
        }
        function judge() {
            if (!match(text, /> ([A-Za-z:]+::)?[a-z_0-9]+\(/)) return
            name = substr(text, RSTART + 2, RLENGTH - 3)
            is_public = name in free
            if (match(name, /^[A-Za-z]+::/))
                is_public = substr(name, 1, RLENGTH - 2) in class &&
                            substr(name, RLENGTH + 1) in method
            if (is_public && text !~ /\{ *return (guarded|call|use|use_own)\(/)
                print FILENAME ":" began ": " name " may throw std::bad_alloc"
        }
        FILENAME ~ /^lib\/include/ {
            if (/^class [A-Za-z]+/) class[$2] = 1
            if (/Result</ && !/inline/) {
                name = declared($0)
                if (/^ /) method[name] = 1; else free[name] = 1
            }
            next
        }
        FNR == 1 { hidden = 0; open = 0 }
        /^namespace \{/ { hidden = 1 }
        /^\}  \/\/ namespace$/ { hidden = 0 }
        /^Result</ && !hidden { text = ""; began = FNR; open = 1 }
        open { text = text " " $0; sub(/^ /, "", text) }
        open && text ~ /\{/ && !/\{$/ { open = 0; judge() }
        open && text !~ /\{/ && /;/ { open = 0 }
    ' lib/include/mapferry/*.h $(sources lib/src | grep '\.cc$' | grep -v '/platform/')
}

examples() {
    header='class Writer {
    [[nodiscard]] Result<void> begin(int a);
};
[[nodiscard]] Result<int> plan(int a);'
    echo "$header" | also lib/include/mapferry/a.h
    good lib/src/a.cc <<'END'
namespace {
Result<int> begin(int a) {
    return a;
}
}  // namespace
Result<void> Writer::begin(int a) {
    return call(impl_.get(), &Impl::begin, a);
}
Result<std::optional<int>> Writer::Impl::begin(int a) {
    return a;
}
END
    echo "$header" | also lib/include/mapferry/a.h
    printf 'Result<void> Writer::begin(int a) {\n    return {};\n' | bad lib/src/a.cc
    echo "$header" | also lib/include/mapferry/a.h
    printf 'Result<int> plan(int a) {\n    return guarded([&]() -> Result<int> {\n' |
        good lib/src/a.cc
    echo "$header" | also lib/include/mapferry/a.h
    printf 'Result<int> plan(\n    int a) {\n    int b = 1;\n    return guarded(a);\n' |
        bad lib/src/a.cc
}
