# Reads C++ sources twice and prints names of partners that no function has. See checks/partners.sh.

# What a comment says, joined over its lines, from `first` on.
function judge(text, first,    clause, words, count, i, word, class) {
    while (match(text, /partners?( is| are|:)/)) {
        text = substr(text, RSTART + RLENGTH)
        clause = text
        sub(/[;.]( .*)?$/, "", clause)
        if (!match(clause, / in /)) continue
        clause = substr(clause, RSTART + 4)
        count = split(clause, words, /[ ,()]+|'s /)
        for (i = 1; i <= count; ++i) {
            word = words[i]
            if (word ~ /^([A-Z][A-Za-z]*::)+[a-z_]+$/) {
                class = word
                sub(/::.*/, "", class)
                sub(/.*::/, "", word)
                if (!(word in functions) || !(class in names))
                    print file ":" first ": there is no " words[i]
            } else if (word ~ /^[a-z]+(_[a-z]+)+$/ || (i == 1 && word ~ /^[a-z]+$/)) {
                if (!(word in functions)) print file ":" first ": there is no " word "()"
            }
        }
    }
}

function close_comment() {
    if (comment != "") judge(comment, began)
    comment = ""
}

FNR == 1 {
    close_comment()
    file = FILENAME
    if (file in seen) second = 1
    seen[file] = 1
}

!second {
    line = $0
    sub(/\/\/.*/, "", line)
    while (match(line, /[A-Za-z_][A-Za-z_0-9]*[ \t]*\(?/)) {
        token = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        if (token ~ /\($/) { sub(/[ \t]*\($/, "", token); functions[token] = 1 }
        else { sub(/[ \t]*$/, "", token); names[token] = 1 }
        names[token] = 1
    }
    next
}

/^[ \t]*\/\// {
    line = $0
    sub(/^[ \t]*\/\/ ?/, "", line)
    if (comment == "") began = FNR
    comment = comment " " line
    next
}

{ close_comment() }

END { close_comment() }
