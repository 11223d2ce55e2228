if [ "$system" = windows ]; then skip "arguments are Unicode there"; fi
keep --text "$(printf 'a\377b')" --text "$(printf 'h\303\251')"
mapferry-reader --name "$name" --text --json --consume | sed 's/,"seconds.*//'
keep --text "$(printf '\200')"
mapferry-reader --name "$name" --text --json --consume | grep -o '"text[^,}]*'
