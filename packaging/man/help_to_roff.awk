# SPDX-License-Identifier: Apache-2.0
# awk -v part=PART -f roff.awk -f help_to_roff.awk HELP: one part of what a program prints for
# --help, as roff. PART:
#   about     what it is for, in a line of plain text
#   synopsis  how it is called
#   examples  the examples
#   options   notes, groups of options with all their texts, units
#   exit      the exit codes
# The parts together have every line of HELP. A line that fits none of them ends this with an error.

function fail(what) {
    printf "help_to_roff: %s:%d: %s: %s\n", FILENAME, FNR, what, $0 >"/dev/stderr"
    failed = 1
    exit 1
}

# "-o, --output PATH": what is typed is bold, what stands for something else is italic.
function option_words(text,    count, i, words, result, comma) {
    count = split(text, words, " ")
    for (i = 1; i <= count; ++i) {
        comma = sub(/,$/, "", words[i])
        result = result (i == 1 ? "" : " ") \
            (words[i] ~ /^[-a-z0-9]/ ? bold(words[i]) : italic(words[i])) (comma ? "," : "")
    }
    return result
}

# Prints the item that has been read: an option, a unit, an exit code or an example.
function end_item() {
    if (item == "") return
    if (part == section_part) {
        print ".TP"
        print (section_part == "examples" ? bold(item) : option_words(item))
        print_text(with_options(about))
    }
    item = about = ""
}

function begin_section(title) {
    end_item()
    section = title
    section_part = title == "Examples" ? "examples" : title == "Exit codes" ? "exit" : "options"
    # Examples and exit codes have headings of their own in the page.
    if (part == "options" && section_part == "options") print ".SS " title
}

# Where the text of an item begins: of options in column 25, of all others behind the first two
# blanks that follow a word. 0: on the next line.
function text_column(line) {
    if (section_part == "options" && section != "Units")
        return substr(line, 24, 1) == " " ? 25 : 0
    return match(line, /[^ ]  +[^ ]/) ? RSTART + RLENGTH - 1 : 0
}

FNR == 1 {
    if (!match($0, /: /)) fail("no name and text")
    name = substr($0, 1, RSTART - 1)
    if (part == "about") print substr($0, RSTART + 2)
    next
}
/^Usage: / {
    usage = substr($0, length("Usage: ") + 1)
    if (part == "synopsis") {
        print bold(name) " " italic(substr(usage, length(name) + 2))
    }
    next
}
/^$/ { next }
/^[A-Z].*:$/ {
    begin_section(substr($0, 1, length($0) - 1))
    next
}
/^[A-Z]/ {
    if (part == "options") print_text(with_options($0))
    next
}
section == "" { fail("outside of all sections") }
/^            / {
    if (item == "") fail("a text without an option")
    sub(/^ +/, "")
    about = about (about == "" ? "" : " ") $0
    next
}
/^  [^ ]/ {
    end_item()
    column = text_column($0)
    item = column ? substr($0, 1, column - 1) : $0
    about = column ? substr($0, column) : ""
    gsub(/^ +| +$/, "", item)
    next
}
{ fail("not understood") }
END {
    if (failed) exit 1
    end_item()
}
