mapferry-reader --name "$name" --text --follow --count 4 >heard &
mapferry-writer --name "$name" --quiet --text one "$(printf 'tw\303\266')"
mapferry-writer --name "$name" --quiet --text three
mapferry-writer --name "$name" --quiet --text "$(printf 'raw \033[1m')"
wait $!
printf 'one\ntw\303\266\nthree\nraw \033[1m\n' | cmp - heard
# Lengths are in bytes.
mapferry-writer --name "$name" --quiet --text "$(printf 'tw\303\266')" &
mapferry-reader --name "$name" --text --json
wait $!
expect_exit 75 mapferry-reader --name "$name" --text --follow --timeout 50ms
