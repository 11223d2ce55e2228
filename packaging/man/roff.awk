# SPDX-License-Identifier: Apache-2.0
# Text as roff with the macros of man(7). The other scripts here use these functions.

# literal(TEXT): TEXT with every character as it is, for examples and for names of options.
function literal(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    gsub(/'/, "\\(aq", text)
    gsub(/`/, "\\(ga", text)
    gsub(/\^/, "\\(ha", text)
    gsub(/~/, "\\(ti", text)
    if (text ~ /^[.]/) text = "\\&" text
    return text
}

# plain(TEXT): running text. Hyphens stay hyphens, except those of options and of words of code.
function plain(text,    count, i, words, result) {
    count = split(text, words, " ")
    for (i = 1; i <= count; ++i) {
        if (words[i] ~ /^[("\[]*-|--|[\\'`^~]|^[.]/) words[i] = literal(words[i])
        result = result (i == 1 ? "" : " ") words[i]
    }
    if (text ~ /^ /) result = " " result
    if (text ~ / $/ && result !~ / $/) result = result " "
    return result
}

# with_options(TEXT): running text whose options (--keep) are bold.
function with_options(text,    result) {
    while (match(text, /--[a-z][a-z0-9-]*/)) {
        result = result plain(substr(text, 1, RSTART - 1)) bold(substr(text, RSTART, RLENGTH))
        text = substr(text, RSTART + RLENGTH)
    }
    return at_line_start(result plain(text))
}

function bold(text) { return "\\fB" literal(text) "\\fR" }
function italic(text) { return "\\fI" literal(text) "\\fR" }

# A line that begins with a full stop would be a request.
function at_line_start(text) { return text ~ /^[.]/ ? "\\&" text : text }

# print_text(TEXT): prints TEXT, which is roff already, in lines of at most 76 characters.
function print_text(text,    count, i, words, line) {
    count = split(text, words, " ")
    for (i = 1; i <= count; ++i) {
        if (line != "" && length(line) + 1 + length(words[i]) > 76) {
            print line
            line = ""
        }
        line = line == "" ? at_line_start(words[i]) : line " " words[i]
    }
    if (line != "") print line
}
