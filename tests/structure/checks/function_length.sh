# shellcheck shell=sh
# No function is longer than 70 lines.
find_violations() {
    list=$(sources)
    if [ -z "$list" ]; then return; fi
    # The names have no blanks and are passed as separate words on purpose.
    # shellcheck disable=SC2086,SC2154
    awk -f "$here/functions.awk" $list | awk -F: '
        $3 > 70 { print $1 ":" $2 ": a function of " $3 " lines, more than 70" }'
}

# wrap COUNT FIRST_LINE LAST_LINE: prints FIRST_LINE, COUNT - 2 statements, LAST_LINE.
wrap() {
    echo "$2"
    awk -v n="$1" 'BEGIN { while (n-- > 2) print "    step(\"}\");  // }" }'
    echo "$3"
}

examples() {
    wrap 70 'int a() {' '}' | good lib/src/a.cc
    wrap 71 'int a() {' '}' | bad lib/src/a.cc
    { echo 'namespace x {' && wrap 70 'int a() {' '}' && wrap 70 'int b() {' '}' && echo '}'; } |
        good lib/src/a.cc
    { echo 'struct X {' && wrap 71 '    int a() const {' '    }' && echo '};'; } | bad lib/src/a.h
    { echo 'class X : public Y {' && echo '  public:' && wrap 70 '    int a() {' '    }' &&
        wrap 70 '    int b() {' '    }' && echo '};'; } | good lib/src/a.h
    { echo 'X::X(int a,' && wrap 70 '     int b) : a_{a}, b_{b} {' '}'; } | bad lib/src/a.cc
    wrap 71 'template <class T, typename... U> void a(T&& t) requires Fits<T> {' '}' |
        bad lib/src/a.h
    wrap 71 'TEST(Subject, Situation) {' '}' | bad tests/unit/a_test.cc
    wrap 71 'const auto a = [](int b) -> int {' '};' | bad lib/src/a.cc
    wrap 300 'constexpr int kTable[] = {' '};' | good lib/src/a.cc
    wrap 300 'constexpr std::string_view kHelp = R"(f() {' '})";' | good lib/src/a.cc
    { echo '/* int a() {' && wrap 71 'int a() {' '}' && echo '} */'; } | good lib/src/a.cc
    { echo "char c = '{';" && echo 'int n = 30'"'"'000;' && wrap 71 'int a() {' '}'; } |
        bad lib/src/a.cc
}
