#!/usr/bin/awk -f
# Draws the output of `mapferry view --colors true` as an SVG, one square for each pixel:
#   mapferry view NAME --size 48x20 --colors true 2>/dev/null | scripts/terminal_svg.awk >a.svg
# Colours are in sequences ESC [ 38;2;R;G;B;48;2;R;G;B m, with the upper pixel's colour first.
function color(first) {
    return sprintf("#%02x%02x%02x", number[first], number[first + 1], number[first + 2])
}
# Draws a run of pixels of one colour.
function run(fill, x, y, width) {
    if (width > 0)
        paths = paths sprintf("<path stroke=\"%s\" d=\"M%d %d.5h%d\"/>\n", fill, x, y, width)
}
{
    rest = $0
    column = 0
    y = 2 * (NR - 1)
    while (match(rest, /\033\[[0-9;]*m/)) {
        shown = substr(rest, 1, RSTART - 1)
        sequence = substr(rest, RSTART + 2, RLENGTH - 3)
        rest = substr(rest, RSTART + RLENGTH)
        # The only printed character has three bytes.
        cells = gsub(/\342\226\200/, "", shown)
        if (cells > 0) {
            run(upper, column, y, cells)
            if (lower != "") run(lower, column, y + 1, cells)
            column += cells
        }
        count = split(sequence, number, ";")
        upper = count >= 5 ? color(3) : ""
        lower = count >= 10 ? color(8) : ""
    }
    if (column > columns) columns = column
}
END {
    scale = 10
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" " \
        "viewBox=\"0 0 %d %d\">\n%s</svg>\n", columns * scale, 2 * NR * scale, columns, 2 * NR, paths
}
