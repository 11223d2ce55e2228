mapferry-writer --name "$name" --quiet --text never &
writer=$!
wait_until section_exists
kill -KILL "$writer"
expect_exit 137 wait "$writer" 2>/dev/null
keep_as "$name-2" --quiet --text kept
mapferry gc | sed -n "/$name/p"
mapferry-reader --name "$name-2" --quiet --consume
