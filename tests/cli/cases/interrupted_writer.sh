mapferry-writer --name "$name" --quiet --text never &
writer=$!
wait_until section_exists
kill -TERM "$writer"
expect_exit 143 wait "$writer" 2>/dev/null
if [ "$system" = windows ]; then wait_until section_is_gone; fi
if section_exists; then echo "the section is still there"; fi
