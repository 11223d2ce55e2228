mapferry-writer --name "$name" --quiet --text never &
writer=$!
wait_until section_exists
kill -KILL "$writer"
expect_exit 137 wait "$writer" 2>/dev/null
if [ "$system" = windows ]; then
    # The section ended with its writer.
    wait_until section_is_gone
    expect_exit 66 mapferry-reader --name "$name" --timeout 0
else
    expect_exit 69 mapferry-reader --name "$name" --timeout 0
fi
mapferry ls | grep "$name" | cut -c1-60 | sed 's/  */ /g'
keep --text again
mapferry-reader --name "$name" --quiet --consume
