printf 'three\n' >c
mapferry-writer --name "$name" --quiet --text one --text two c &
mapferry-reader --name "$name" --quiet -o -
wait $!
