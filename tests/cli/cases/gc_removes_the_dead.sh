mapferry-writer --name "$name" --quiet --text never &
writer=$!
wait_until section_exists
kill -KILL "$writer"
expect_exit 137 wait "$writer" 2>/dev/null
mapferry-writer --name "$name-2" --quiet --keep --text kept
mapferry-reader gc | grep "$name"
mapferry-reader --name "$name-2" --quiet --consume
