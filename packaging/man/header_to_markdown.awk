# SPDX-License-Identifier: Apache-2.0
# awk -f header_to_markdown.awk HEADER...: the reference of the headers for C, from their comments,
# in the Markdown that markdown_to_roff.awk reads. A header is a section, named after its file. A
# comment that begins a line describes the lines below it, up to the next such comment. What is
# behind a `#define` or a field becomes a table, prototypes stand before their text. Prototypes
# begin with a mark (\003) and are bold. The first comment of mapferry.h is the description.

function title(file) {
    sub(/.*\//, "", file)
    if (file == "mapferry.h") return "Description"
    sub(/^c_/, "", file)
    sub(/[.]h$/, "", file)
    gsub(/_/, " ", file)
    return file
}

# option_row(TEXT): "key=value   what it is" as a row of a table. \004 stands for a | in a cell.
function option_row(text,    key, about) {
    sub(/^ +/, "", text)
    gsub(/[|]/, "\004", text)
    key = text
    if (match(text, /  +/)) {
        key = substr(text, 1, RSTART - 1)
        about = substr(text, RSTART + RLENGTH)
    }
    if (about ~ /^[a-z_]+=/) {
        option_row(key)
        option_row(about)
        return
    }
    if (in_block != "options") print "\n| option | meaning |\n| --- | --- |"
    in_block = "options"
    end_row()
    row = sprintf("| `%s` | %s |", key, about)
}

function end_row() {
    if (row != "") print row
    row = ""
}

# comment_line(TEXT): prints a line of a comment, and an empty one where a new paragraph begins.
# Lines that are indented are an example, or a list of options, which becomes a table.
function comment_line(text) {
    if (in_block == "options" && text ~ /^    /) {
        sub(/ \|$/, "", row)
        sub(/^ +/, "", text)
        row = row " " text " |"
        return
    }
    end_row()
    if (text ~ /^  [a-z_]+=/ || (in_block == "options" && text ~ /^  [a-z]/)) {
        option_row(text)
        return
    }
    if (text ~ /^    /) {
        if (!in_block) print ""
        in_block = "example"
    } else {
        if (!in_list) sub(/^ +/, "", text)
        if (in_block) print ""
        in_block = ""
        if (text ~ /^- /) in_list = 1
        if (text == "") in_list = 0
        if (text ~ /^[a-z_]+(, each may be left out)?:( |$)/ && line_before ~ /[.:]$/) print ""
    }
    print text
    line_before = text
}

function print_comment(    i) {
    in_block = ""
    in_list = 0
    for (i = 1; i <= comment_lines; ++i) comment_line(comment[i])
    end_row()
    if (comment_lines) print ""
    comment_lines = 0
}

# prototype(TEXT): prints it in lines of at most 72 characters, broken behind commas.
function prototype(text,    line, indent, at, count, i, words) {
    gsub(/MAPFERRY_(API|CALL|NOEXCEPT) ?/, "", text)
    gsub(/ +/, " ", text)
    sub(/[(] /, "(", text)
    sub(/ ;/, ";", text)
    sub(/^ /, "", text)
    at = index(text, "(")
    count = split(text, words, ", ")
    for (i = 1; i <= count; ++i) {
        if (i < count) words[i] = words[i] ","
        if (line != "" && length(line) + length(words[i]) > 72) {
            print "    \003" line
            indent = sprintf("%" (at < 40 ? at : 8) "s", "")
            line = indent words[i]
        } else {
            line = line (line == "" ? "" : " ") words[i]
        }
    }
    print "    \003" line
}

# end_item(): prints the declarations that have been read, and then what their comment says.
function end_item(    i) {
    for (i = 1; i <= prototypes; ++i) prototype(declared[i])
    if (prototypes) print ""
    print_comment()
    if (constants) {
        print "| constant | value | meaning |"
        print "| --- | --- | --- |"
        for (i = 1; i <= constants; ++i) print constant[i]
        print ""
    }
    prototypes = constants = 0
}

# constant_row(TEXT): "#define NAME VALUE /* COMMENT */" as a row.
function constant_row(text,    name, value, about) {
    sub(/^#define +/, "", text)
    if (match(text, /\/[*].*[*]\//)) {
        about = substr(text, RSTART + 3, RLENGTH - 6)
        text = substr(text, 1, RSTART - 1)
    }
    match(text, /^[A-Za-z0-9_]+(\([a-z]+\))?/)
    name = substr(text, 1, RLENGTH)
    value = substr(text, RLENGTH + 1)
    gsub(/^ +| +$/, "", value)
    gsub(/ +/, " ", about)
    gsub(/[*]/, "x", value)
    gsub(/^\(|\)$/, "", value)
    constant[++constants] = sprintf("| `%s` | %s | %s |", name, value, about)
}

# A line of code, joined with those that continue it.
function code(text) {
    if (text ~ /^#define .*[A-Za-z0-9_)] +[^ ]/) constant_row(text)
    else if (text ~ /^MAPFERRY_API/) declared[++prototypes] = text
    else if (text ~ /^typedef struct/) declared[++prototypes] = text
}

function incomplete(text) {
    if (text ~ /^#/) return text ~ /\\$/ || (text ~ /\/[*]/ && text !~ /[*]\//)
    return text ~ /^(MAPFERRY_API|typedef)/ && text !~ /;/
}

FNR == 1 {
    end_item()
    pending = in_comment = 0
    file_comment = 1
    print "## " title(FILENAME) "\n"
    next
}
in_comment || (!pending && /^\/[*]/) {
    if (!in_comment) {
        end_item()
        sub(/^\/[*] ?/, "")
    }
    in_comment = !/[*]\/ *$/
    sub(/ *[*]\/ *$/, "")
    sub(/^ [*] ?/, "")
    comment[++comment_lines] = $0
    next
}
pending {
    sub(/^ +/, " ")
    sub(/ *\\$/, "", line)
    line = line $0
    pending = incomplete(line)
    if (!pending) code(line)
    next
}
/^#pragma once/ { end_item(); next }
/^#(ifdef|ifndef|if|endif|else|include)|^extern|^}/ { next }
/^(#define|MAPFERRY_API|typedef)/ {
    line = $0
    pending = incomplete(line)
    if (!pending) code(line)
    next
}
/^$/ && (prototypes || constants) { end_item() }
END { end_item() }
