# shellcheck shell=sh
# Every atomic access of the library writes out its memory order, on its line or the two after it,
# or passes on the `order` that its caller wrote out.
find_violations() {
    sources lib | while read -r file; do
        awk -v file="$file" '
            function give_up() {
                print file ":" pending ": an atomic access without its memory order"
                pending = 0
            }
            BEGIN {
                access = "(\\.|->)(load|store|exchange|fetch_(add|sub|or|and|xor)|" \
                         "compare_exchange_(weak|strong))\\("
            }
            { line = $0; sub(/\/\/.*/, "", line) }
            line ~ /memory_order|[(, ]order\)/ { pending = 0; next }
            pending && FNR >= pending + 2 { give_up() }
            line ~ access && !pending { pending = FNR }
            END { if (pending) give_up() }
            ' "$file"
    done
}

examples() {
    good lib/src/a.cc <<'END'
auto a = word.load(std::memory_order_acquire);
word.compare_exchange_strong(
    expected,
    desired, std::memory_order_relaxed);
word.store(value, order);
// word.load()
int b = load();
END
    echo 'auto a = word.load();' | bad lib/src/a.cc
    echo 'word->store(1);  // memory_order_relaxed' | bad lib/src/a.cc
    printf 'word.exchange(\n    1,\n    2);\n// memory_order_relaxed\n' | bad lib/include/a.h
}
