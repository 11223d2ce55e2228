# shellcheck shell=sh
# The function that a comment names as the partner of an atomic access exists: "partner is the load
# in Class::function". The check reads the names from "partner" to the end of the clause.
find_violations() {
    list=$(sources lib)
    if [ -z "$list" ]; then return; fi
    # The names have no blanks and are passed as separate words on purpose.
    # shellcheck disable=SC2086,SC2154
    awk -f "$here/partners.awk" $list $list
}

examples() {
    echo 'void Ring::publish() {}' | also lib/src/ring/ring.cc
    good lib/src/ring/a.cc <<'END'
// acquire: partner is the store in
// Ring::publish; bytes come with it
auto a = word.load(std::memory_order_acquire);
END
    echo 'void Ring::publish() {}' | also lib/src/ring/ring.cc
    echo '// partner: the store in Ring::tell' | bad lib/src/ring/a.cc
    echo 'void Ring::publish() {}' | also lib/src/ring/ring.cc
    echo '// partner: the store in Bell::publish' | bad lib/src/ring/a.cc
    printf 'class Bell {\n};\nvoid Ring::publish() {}\n' | also lib/src/ring/ring.cc
    echo '// partner: the store in Bell::publish' | good lib/src/ring/a.cc
    echo 'class Bell {};' | also lib/src/ring/bell.h
    echo 'void Ring::publish() {}' | also lib/src/ring/ring.cc
    echo '// partner: the store in Bell::publish' | bad lib/src/ring/a.cc
    echo '// partners: the loads in ask and tell_all' | bad lib/src/ring/a.cc
    echo '// relaxed: partner is the load above' | good lib/src/ring/a.cc
}
