printf 'three\n' >c
mapferry-writer --name "$name" --quiet --text one --text two -- c &
mapferry-reader --name "$name" --quiet -o -
wait $!
mapferry-writer --name "$name" --quiet c --text one two &
mapferry-reader --name "$name" --quiet -o -
wait $!
