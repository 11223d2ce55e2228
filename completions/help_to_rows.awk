# SPDX-License-Identifier: Apache-2.0
# awk -v command=COMMAND -v values=VALUES -f help_to_rows.awk HELP: a row for each option of
# COMMAND, from what it prints for --help:
#   COMMAND <tab> NAME <tab> KIND <tab> DESCRIPTION
# NAME is an option, or the name of an argument: FILE. KIND is "-" for an option without a value,
# otherwise what the list VALUES has for the value, with commas between words, and with "..." at its
# end where several values may follow. An argument has the KIND of its name. DESCRIPTION is the
# first clause of the text.
BEGIN {
    OFS = "\t"
    while ((getline line < values) > 0) {
        if (line ~ /^#/ || line == "") continue
        count = split(line, words, " ")
        kind_of[words[1]] = words[2]
        for (i = 3; i <= count; ++i) kind_of[words[1]] = kind_of[words[1]] "," words[i]
    }
}

# summary(TEXT): its first clause.
function summary(text) {
    sub(/(; |[.] | [(][^0-9]| = |: auto).*/, "", text)
    if (length(text) > 60) sub(/(, |: ).*/, "", text)
    return text
}

function fail(what) {
    printf "help_to_rows: %s, %s: %s\n", command, what, item >"/dev/stderr"
    failed = 1
    exit 1
}

# kind_for(VALUE): what completes it. Each of its words must be in the text of the option.
function kind_for(value,    kind, several, i, count, words) {
    several = sub(/[.][.][.]$/, "", value)
    gsub(/^\[|\]$/, "", value)
    if (value ~ /^WxH/) value = value "]"
    if (!(value in kind_of)) fail("no kind of the value " value)
    kind = kind_of[value]
    count = split(kind, words, ",")
    for (i = 2; i <= count; ++i)
        if (index(about " " value, words[i]) == 0) fail("the help has no " words[i])
    return kind (several ? "..." : "")
}

function end_item(    i, count, words, value) {
    if (item == "" || !is_option) {
        item = about = ""
        return
    }
    count = split(item, words, " ")
    if (words[count] !~ /^-[^ ]/) value = words[count]
    if (item !~ /^-/) {
        # In the help of mapferry a command looks like an argument.
        if (item ~ /^[a-z]+( |$)/) print command, words[1], "command", summary(about)
        else print command, words[1], kind_for(words[1]), summary(about)
    } else {
        for (i = 1; i <= count; ++i) {
            sub(/,$/, "", words[i])
            if (words[i] ~ /^-/ && words[i] != value)
                print command, words[i], (value == "" ? "-" : kind_for(value)), summary(about)
        }
    }
    item = about = ""
}

/^[A-Z].*:$/ {
    end_item()
    is_option = !/^(Examples|Units|Exit codes):/
    next
}
/^            / {
    sub(/^ +/, "")
    about = about (about == "" ? "" : " ") $0
    next
}
/^  [^ ]/ && is_option {
    end_item()
    # Texts begin in column 25, or on the next line.
    item = $0
    if (substr($0, 24, 1) == " ") {
        item = substr($0, 1, 24)
        about = substr($0, 25)
    }
    gsub(/^ +| +$/, "", item)
}
END { if (!failed) end_item() }
