# shellcheck shell=sh
# The function that a comment names as the partner of an atomic access exists: "partner is the load
# in Class::function". Names are read from behind "partner" to the end of the clause.
find_violations() {
    list=$(sources lib)
    if [ -z "$list" ]; then return; fi
    # Names without blanks, passed as separate words on purpose.
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
    echo '// partners: the loads in ask and tell_all' | bad lib/src/ring/a.cc
    echo '// relaxed: partner is the load above' | good lib/src/ring/a.cc
}
