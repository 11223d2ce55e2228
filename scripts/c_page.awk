# Makes Markdown of the headers of the C interface: see c_page.sh. A comment is text for the
# declarations that follow it. Lines in it that are indented stay as they are.

function end_block() {
    if (fenced) print "```"
    fenced = 0
}

# Prints a line of a comment, without its frame.
function say(line) {
    if (line ~ /^  / && line !~ /^  [^ ]/ || line ~ /^  [a-z_]+=/ || line ~ /^    /) {
        if (!fenced) print (was_empty ? "" : "\n") "```text"
        fenced = 1
        print line
        return
    }
    if (fenced) {
        end_block()
        if (line != "") print ""
    }
    if (line ~ /^[a-z_]+: /) line = "- " line
    # Keys and names of calls are code.
    if (line !~ /`/) line = as_code(line)
    print line
    was_empty = line == ""
}

function as_code(line,    out) {
    out = ""
    while (match(line, /mapferry_[a-z0-9_]+(\(\))?|MAPFERRY_[A-Z0-9_]+(\.\.\.)?|[a-z_]+=[a-z_0-9-]+/)) {
        out = out substr(line, 1, RSTART - 1) "`" substr(line, RSTART, RLENGTH) "`"
        line = substr(line, RSTART + RLENGTH)
    }
    return out line
}

function flush_text(    i) {
    for (i = 1; i <= texts; ++i) say(text[i])
    end_block()
    if (texts > 0) print ""
    texts = 0
}

# Prints the declarations since the last comment under their names, then that comment's text.
function flush(    i, heading) {
    if (codes > 0) {
        heading = ""
        for (i = 1; i <= names; ++i) {
            if (length(heading name[i]) > 110) {
                heading = heading ", ..."
                break
            }
            heading = heading (i > 1 ? ", " : "") name[i]
        }
        if (names > 0) print "### " heading "\n"
        print "```c"
        for (i = 1; i <= codes; ++i) print code[i]
        print "```\n"
    }
    flush_text()
    codes = names = 0
}

function add_comment_line(line) {
    if (line == " */") return
    sub(/^\/\* ?/, "", line)
    sub(/^ \* ?/, "", line)
    sub(/ ?\*\/$/, "", line)
    text[++texts] = line
}

# Collects the lines of a declaration up to its semicolon.
function add_code(line,    parts, i) {
    gsub(/MAPFERRY_API |MAPFERRY_CALL ?| ?MAPFERRY_NOEXCEPT/, "", line)
    gsub(/^ +| +$/, "", line)
    declared = declared (declared ~ /[^(]$/ ? " " : "") line
    if (declared !~ /;$/) return
    gsub(/ ;/, ";", declared)
    line = declared
    declared = ""
    if (line ~ /\(/) {
        name[++names] = line
        sub(/\(.*/, "", name[names])
        sub(/.*[ *]/, "", name[names])
    }
    # Breaks a long one before an argument.
    while (length(line) > 100) {
        for (i = 100; i > 0 && substr(line, i, 2) != ", "; --i) continue
        code[++codes] = substr(line, 1, i)
        line = "    " substr(line, i + 2)
    }
    code[++codes] = line
}

/^=== / {
    flush()
    print "## " substr($0, 5) "\n"
    in_intro = 1
    next
}
/SPDX|^#pragma|^#include|^#ifdef|^#endif|^extern|^}$/ { next }
in_comment {
    add_comment_line($0)
    if (/\*\/$/) {
        in_comment = 0
        if (in_intro) {
            flush_text()
            in_intro = 0
        }
    }
    next
}
in_define || /^#define/ {
    # A comment after a value may go on in further lines.
    code[++codes] = $0
    in_define = /\/\*/ && !/\*\//  || in_define && !/\*\//
    next
}
/^\/\*/ {
    flush()
    add_comment_line($0)
    in_comment = !/\*\/$/
    if (!in_comment && in_intro) {
        flush_text()
        in_intro = 0
    }
    next
}
/^$/ { next }
{ add_code($0) }
END { flush() }
