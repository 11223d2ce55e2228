# SPDX-License-Identifier: Apache-2.0
# awk [-v parts=FOLDER] [-v contents=drop] -f roff.awk -f table_to_roff.awk -f markdown_to_roff.awk
#     PAGE.md
# The Markdown that this project writes, as the body of a page for man(7): `##` is .SH, `###` is
# .SS, and paragraphs, lists, tables, examples (four blanks), `code`, *emphasis* and links, of which
# the words stay. The line `# TITLE` is left out. A line `@NAME@` puts in FOLDER/NAME, which is roff.
# Text before the first `##` is the description, and contents=drop leaves out lists there.

function span(text, pattern, skip, kind,    result, inner) {
    while (match(text, pattern)) {
        inner = substr(text, RSTART + skip, RLENGTH - 2 * skip)
        result = result substr(text, 1, RSTART - 1) kept(kind == "code" ? bold(inner) : \
            italic(inner))
        text = substr(text, RSTART + RLENGTH)
    }
    return result text
}

# kept(ROFF): a mark that stands for ROFF while the text around it is turned into roff.
function kept(roff) {
    keep[++kept_count] = roff
    return "\001" kept_count "\002"
}

function links(text,    result, words) {
    while (match(text, /!?\[[^]]*\]\([^)]*\)/)) {
        words = substr(text, RSTART, RLENGTH)
        sub(/^!?\[/, "", words)
        sub(/\]\([^)]*\)$/, "", words)
        result = result substr(text, 1, RSTART - 1) words
        text = substr(text, RSTART + RLENGTH)
    }
    return result text
}

# inline_roff(TEXT): a paragraph or a cell as roff. A name like mapferry-ls(1) is bold.
function inline_roff(text,    page, result, at) {
    kept_count = 0
    text = span(text, "`[^`]+`", 1, "code")
    text = links(text)
    text = span(text, "[*][A-Za-z][^*]*[*]", 1, "emphasis")
    while (match(text, /[a-z][a-z._-]*\([1-8]\)/)) {
        page = substr(text, RSTART, RLENGTH)
        result = result substr(text, 1, RSTART - 1) \
            kept(bold(substr(page, 1, length(page) - 3))) substr(page, length(page) - 2)
        text = substr(text, RSTART + RLENGTH)
    }
    text = plain(result text)
    while (match(text, /\001[0-9]+\002/)) {
        at = substr(text, RSTART + 1, RLENGTH - 2) + 0
        text = substr(text, 1, RSTART - 1) keep[at] substr(text, RSTART + RLENGTH)
    }
    return text
}

function end_block() {
    if (kind == "text" || kind == "item") {
        if (kind == "text" && !after_heading) print ".PP"
        print_text(inline_roff(block))
    } else if (kind == "example") {
        print ".EE"
        print ".RE"
    } else if (kind == "table") {
        print_table()
    }
    if (kind != "") after_heading = 0
    kind = block = ""
}

function begin(new_kind) {
    if (kind == new_kind && new_kind != "item") return 0
    end_block()
    kind = new_kind
    return 1
}

function put_part(name,    line, file, found) {
    end_block()
    file = parts "/" name
    while ((getline line < file) > 0) {
        print line
        found = 1
    }
    close(file)
    if (!found) {
        printf "markdown_to_roff: %s:%d: no part %s\n", FILENAME, FNR, name >"/dev/stderr"
        exit 1
    }
    after_heading = 0
}

function heading(macro, title) {
    end_block()
    if (macro == ".SH") title = toupper(title)
    print macro " " inline_roff(title)
    in_body = after_heading = 1
}

/^# / { next }
/^## / { seen_heading = 1; heading(".SH", substr($0, 4)); next }
/^### / { heading(".SS", substr($0, 5)); next }
/^@[a-z]+@$/ { put_part(substr($0, 2, length($0) - 2)); next }
/^ *$/ {
    # An example may have empty lines inside.
    if (kind == "example") ++empty_lines
    else end_block()
    next
}
/^\|/ {
    if (begin("table")) table_begin()
    table_row($0)
    next
}
/^    / && kind != "item" {
    if (begin("example")) {
        print (after_heading ? ".RS 4" : ".PP\n.RS 4")
        print ".EX"
        empty_lines = 0
    }
    while (empty_lines-- > 0) print ""
    empty_lines = 0
    print example_line(substr($0, 5))
    next
}
/^(-|[0-9]+\.) / {
    if (contents == "drop" && !seen_heading) {
        end_block()
        kind = "dropped"
        next
    }
    begin("item")
    if ($0 ~ /^-/) print ".IP \\(bu 3"
    else print ".IP " $1 " 4"
    block = $0
    sub(/^(-|[0-9]+\.) +/, "", block)
    next
}
/^!\[/ { next }
{
    if (kind == "dropped") next
    if (!in_body) heading(".SH", "Description")
    if (kind == "item" && /^ /) sub(/^ +/, "")
    else begin("text")
    block = block (block == "" ? "" : " ") $0
}
END { end_block() }

# The lines of an example are as they are; those of a prototype, which begin with a mark, are bold.
function example_line(text) {
    return text ~ /^\003/ ? bold(substr(text, 2)) : literal(text)
}
