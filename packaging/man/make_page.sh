#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make_page.sh NAME SECTION ABOUT SOURCE [HELP] [OTHER_NAME...]: prints the page NAME(SECTION) for
# man. ABOUT is its line in lists of pages; with HELP, a file of what the program prints for --help,
# ABOUT is "-" and the line is HELP's. SOURCE has the other sections in Markdown, and says with
# `@options@`, `@examples@` and `@exit@` where the parts of HELP go; "-" is standard input.
# OTHER_NAMEs are names under which the page is found, too. The variables VERSION and
# SOURCE_DATE_EPOCH go into the page; without the latter, today does.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
name=$1
section=$2
about=$3
source=$4
help=${5:-}
shift $(($# < 5 ? $# : 5))

parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT

if [ -n "$help" ]; then
    for part in about synopsis examples options exit; do
        awk -v part=$part -f "$here/roff.awk" -f "$here/help_to_roff.awk" "$help" >"$parts/$part"
    done
    about=$(cat "$parts/about")
fi

escaped() { printf '%s\n' "$1" | sed 's/-/\\-/g'; }

names=$(escaped "$name")
for other in "$@"; do names="$names, $(escaped "$other")"; done
day=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y-%m-%d)

# The first line tells man that the page has tables. Words of code are not hyphenated.
printf "'\\\\\" t\n"
printf '.TH "%s" %s %s "mapferry %s" "mapferry manual"\n' \
    "$(escaped "$name" | tr '[:lower:]' '[:upper:]')" "$section" "$day" "${VERSION:-}"
printf '.nr HY 0\n.nh\n.ad l\n.SH NAME\n%s \\- %s\n' "$names" "$about"
if [ -n "$help" ]; then
    echo '.SH SYNOPSIS'
    cat "$parts/synopsis"
fi
awk -v parts="$parts" -v contents=drop -f "$here/roff.awk" -f "$here/table_to_roff.awk" \
    -f "$here/markdown_to_roff.awk" "$source"
