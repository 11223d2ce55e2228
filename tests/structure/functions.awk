# Prints `FILE:LINE:LENGTH` for every function, member function and namespace-level lambda of a C++
# source: LINE is the first line of its declaration, LENGTH counts from there to its closing brace.
# Works on the text: it removes comments, strings (raw ones too) and preprocessor lines and counts
# braces; the words before a brace show what the brace opens.

function strip_raw_string(line,    close_at) {
    close_at = index(line, raw_end)
    if (!close_at) return ""
    line = substr(line, close_at + length(raw_end))
    raw_end = ""
    return line
}

# Returns the line without comments and literals. Uses in_comment and raw_end across lines.
function bare(line,    out, c, two) {
    out = ""
    if (raw_end != "") line = strip_raw_string(line)
    while (line != "") {
        c = substr(line, 1, 1)
        two = substr(line, 1, 2)
        if (in_comment) {
            if (two == "*/") { in_comment = 0; line = substr(line, 3) } else line = substr(line, 2)
        } else if (two == "//") {
            return out
        } else if (two == "/*") {
            in_comment = 1
            line = substr(line, 3)
        } else if (two == "R\"" && out !~ /[A-Za-z0-9_]$/) {
            match(line, /\(/)
            raw_end = ")" substr(line, 3, RSTART - 3) "\""
            line = strip_raw_string(substr(line, RSTART + 1))
        } else if (c == "\"" || (c == "'" && out !~ /[0-9a-fA-F]$/)) {
            line = after_literal(line, c)
            out = out "_"
        } else {
            out = out c
            line = substr(line, 2)
        }
    }
    return out
}

function after_literal(line, quote,    i, c) {
    for (i = 2; i <= length(line); ++i) {
        c = substr(line, i, 1)
        if (c == "\\") ++i
        else if (c == quote) return substr(line, i + 1)
    }
    return ""
}

# Returns what an opening brace opens, given the text before it: "function", "scope" (namespace or
# type) or "value" (an initialiser).
function opened_by(text) {
    gsub(/\[\[[^]]*\]\]/, "", text)
    sub(/^[ \t]+/, "", text)
    sub(/^template *<[^()]*> */, "", text)
    while (sub(/^(inline|static|constexpr|typedef|friend) +/, "", text)) {}
    if (text ~ /^(namespace|struct|class|enum|union|extern)([^A-Za-z0-9_]|$)/) return "scope"
    if (text ~ /[^ \t]$/ || text ~ /[=,(][ \t]*$/ || text !~ /\(/) return "value"
    return "function"
}

function forget_head() { head = ""; head_line = 0 }

function open_brace() {
    kind[++depth] = function_depth ? "inner" : opened_by(head)
    if (kind[depth] == "function") {
        function_depth = depth
        function_line = head_line
    }
    if (kind[depth] != "value") forget_head()
}

function close_brace() {
    if (depth == function_depth && depth > 0) {
        print FILENAME ":" function_line ":" FNR - function_line + 1
        function_depth = 0
    }
    if (depth > 0 && kind[depth] != "value") forget_head()
    if (depth > 0) --depth
}

function scan(text,    i, c) {
    for (i = 1; i <= length(text); ++i) {
        c = substr(text, i, 1)
        if (c == "{") open_brace()
        else if (c == "}") close_brace()
        else if (c == ";") forget_head()
        else if (c == ":" && head ~ /^(public|protected|private)$/) forget_head()
        else if (c !~ /[ \t]/ || head != "") {
            if (head == "") head_line = FNR
            head = head c
        }
    }
    if (head != "") head = head " "
}

FNR == 1 {
    depth = function_depth = in_comment = in_directive = 0
    raw_end = ""
    forget_head()
}

raw_end == "" && !in_comment && (in_directive || /^[ \t]*#/) {
    in_directive = /\\$/
    next
}

{
    text = bare($0)
    # Inside a function only lines with braces matter; the others are skipped to save time.
    if (function_depth && text !~ /[{}]/) next
    scan(text)
}
