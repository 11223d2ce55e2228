# shellcheck shell=sh
# store_news() stores and load_news() loads the words of a section that a process sleeps for
# (bell.h). A weaker access of such a word has a comment in the four lines above it with the words
# "not slept for", which explains why no process sleeps for it.
find_violations() {
    sources lib | while read -r file; do
        awk -v file="$file" '
            BEGIN {
                news = "(\\.|->)(published|state|newest|verdict|attachment|cursor)[,)]|lease_of\\("
                weak = "memory_order_(relaxed|acquire|release|acq_rel)"
            }
            /not slept for/ { excused = FNR }
            { line = $0; sub(/\/\/.*/, "", line) }
            line ~ /shared::(load|store|exchange|add)\(/ { access = ""; began = FNR }
            began { access = access line }
            began && line ~ /;/ {
                if (access ~ news && access ~ weak && !(excused && began - excused <= 4))
                    print file ":" began ": somebody sleeps for this word: load_news, store_news"
                began = 0
            }
            ' "$file"
    done
}

examples() {
    good lib/src/a.cc <<'END'
const auto a = load_news(line.attachment);
// not slept for; relaxed: only a hint
const auto b =
    shared::load(line.attachment, std::memory_order_relaxed);
shared::store(line.heartbeat, 1, std::memory_order_relaxed);
shared::store(line.cursor, 1, std::memory_order_seq_cst);
END
    echo 'shared::load(line.attachment, std::memory_order_acquire);' | bad lib/src/a.cc
    bad lib/src/a.cc <<'END'
shared::store(answer.verdict,
              1, std::memory_order_release);
END
    echo 'shared::store(lease_of(line, 0), 0, std::memory_order_release);' | bad lib/src/a.cc
}
