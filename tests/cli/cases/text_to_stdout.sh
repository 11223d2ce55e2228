mapferry-writer --name "$name" --quiet --text "$(printf 'h\303\251llo, w\303\266rld')" &
mapferry-reader --name "$name" --quiet
wait $!
