mapferry-writer --name "$name" --quiet --text never &
writer=$!
wait_until section_exists
kill -KILL "$writer"
expect_exit 137 wait "$writer" 2>/dev/null
expect_exit 69 mapferry-reader --name "$name" --timeout 0
mapferry-reader ls | grep "$name" | cut -c1-60 | sed 's/  */ /g'
mapferry-writer --name "$name" --quiet --keep --text again
mapferry-reader --name "$name" --quiet --consume
