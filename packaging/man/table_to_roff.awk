# SPDX-License-Identifier: Apache-2.0
# Tables of Markdown as tables of tbl(1), for markdown_to_roff.awk, whose inline_roff() it calls.
# A column is as wide as its longest cell, as long as all columns fit 78 characters. Where they do
# not, the wide ones share what the others leave, and their cells have several lines. In a cell,
# \004 stands for |.

function table_begin() { rows = columns = 0 }

function table_row(line,    count, i, cells) {
    gsub(/^\| */, "", line)
    gsub(/ *\|$/, "", line)
    if (line ~ /^[-| ]+$/ && line ~ /---/) {
        if (rows == 1) ruled = 1
        return
    }
    count = split(line, cells, / *\| */)
    ++rows
    if (count > columns) columns = count
    for (i = 1; i <= count; ++i) {
        gsub(/\004/, "|", cells[i])
        cell[rows, i] = cells[i]
    }
    for (; i <= columns; ++i) cell[rows, i] = ""
}

# What a cell needs on the screen, without the marks of Markdown.
function shown_length(text) {
    gsub(/`|[*]/, "", text)
    gsub(/\]\([^)]*\)|\[/, "", text)
    return length(text)
}

function longest_word(text,    count, i, words, longest) {
    count = split(text, words, " ")
    for (i = 1; i <= count; ++i)
        if (shown_length(words[i]) > longest) longest = shown_length(words[i])
    return longest
}

# Fills width[]: more than 0 for a column whose cells have one line, less than 0 for a wide one,
# which needs more than its equal share of the room that is left. A wide column has room for its
# longest word, if the others can spare that.
function measure(    i, row, room, wide, changed, word) {
    for (i = 1; i <= columns; ++i) {
        need[i] = 1
        width[i] = 0
        word_need[i] = 1
        for (row = 1; row <= rows; ++row) {
            if (shown_length(cell[row, i]) > need[i]) need[i] = shown_length(cell[row, i])
            word = longest_word(cell[row, i])
            if (word > word_need[i]) word_need[i] = word
        }
    }
    room = 70 - 3 * (columns - 1)
    wide = columns
    do {
        changed = 0
        for (i = 1; i <= columns; ++i) {
            if (width[i] == 0 && need[i] <= room / wide) {
                width[i] = need[i]
                room -= need[i]
                --wide
                changed = 1
            } else if (width[i] == 0 && word_need[i] > room / wide && \
                       word_need[i] <= room - 16 * (wide - 1)) {
                width[i] = need[i] <= word_need[i] ? need[i] : -word_need[i]
                room -= word_need[i]
                --wide
                changed = 1
            }
        }
    } while (changed && wide > 0)
    for (i = 1; i <= columns; ++i)
        if (width[i] == 0) width[i] = -int(room / wide)
}

# Lets words that are longer than their column, except options, break behind |, or / . _ - and \\.
function breakable(text, columns,    count, i, words, result) {
    count = split(text, words, " ")
    for (i = 1; i <= count; ++i) {
        if (length(words[i]) > columns && words[i] ~ /[|]/) gsub(/[|]/, "&\\:", words[i])
        else if (length(words[i]) > columns && words[i] !~ /\\-\\-/)
            gsub(/\\-|\\e|[\/._]/, "&\\:", words[i])
        result = result (i == 1 ? "" : " ") words[i]
    }
    return result
}

function print_cell(row, i, last) {
    if (width[i] < 0 && cell[row, i] != "") {
        print "T{"
        print_text(breakable(inline_roff(cell[row, i]), -width[i]))
        printf "T}%s", last ? "\n" : "\t"
    } else {
        printf "%s%s", inline_roff(cell[row, i]), last ? "\n" : "\t"
    }
}

function print_table(    i, row, head) {
    measure()
    if (!after_heading) print ".PP"
    # On a terminal all is one page, which groff makes longer only where it is asked to, in time.
    print ".if \\n[cR] .ne " 8 * rows "v"
    print ".TS"
    print "tab(\t);"
    for (i = 1; i <= columns; ++i)
        head = head (i == 1 ? "" : " ") "l" (width[i] < 0 ? "w(" (-width[i]) "n)" : "")
    print head "."
    for (row = 1; row <= rows; ++row) {
        # An empty heading row is none.
        if (row == 1 && is_empty_row(1)) continue
        for (i = 1; i <= columns; ++i) print_cell(row, i, i == columns)
        if (row == 1) print "_"
    }
    print ".TE"
}

function is_empty_row(row,    i) {
    for (i = 1; i <= columns; ++i) if (cell[row, i] != "") return 0
    return 1
}
