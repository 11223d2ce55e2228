# Reads C++ sources twice and prints names of partners that no function has. See checks/partners.sh.

# Checks the text of a comment, joined over its lines, which begins at the line `first`.
function judge(text, first,    clause, words, count, i, word) {
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
                while (word ~ /::.*::/) sub(/^[^:]*::/, "", word)
                if (!(word in members)) print file ":" first ": there is no " words[i]
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

# A class has the functions that are named in the same file as its declaration.
function close_file(    class, word) {
    for (class in classes)
        for (word in called) members[class "::" word] = 1
    split("", classes)
    split("", called)
}

FNR == 1 {
    close_comment()
    close_file()
    file = FILENAME
    if (file in seen) second = 1
    seen[file] = 1
}

!second {
    line = $0
    sub(/\/\/.*/, "", line)
    if (match(line, /^[ \t]*(class|struct) [A-Z][A-Za-z_0-9]*/)) {
        token = substr(line, RSTART, RLENGTH)
        sub(/.* /, "", token)
        classes[token] = 1
    }
    while (match(line, /([A-Z][A-Za-z_0-9]*::)?[A-Za-z_][A-Za-z_0-9]*[ \t]*\(/)) {
        token = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        sub(/[ \t]*\($/, "", token)
        members[token] = 1
        sub(/.*::/, "", token)
        called[token] = 1
        functions[token] = 1
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
