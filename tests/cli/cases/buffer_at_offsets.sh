# On Windows the creator of a buffer stays, because the buffer needs it.
printf 'in the middle' >part
mapferry-writer --buffer "$name" --size 1024 --at 16 part 2>maker.log &
maker=$!
is_written() { mapferry-reader --buffer "$name" --quiet --timeout 0 -o - | grep -q middle; }
wait_until is_written
mapferry-reader --buffer "$name" --quiet --at 16 --bytes 13
echo
printf 'THE' | mapferry-writer --buffer "$name" --quiet --at 19 -
mapferry-writer --buffer "$name" --size 1KiB --quiet --at 1023 --text '!'
mapferry-reader --buffer "$name" --at 16 --bytes 13 -o copy
cat copy
echo
mapferry-reader --buffer "$name" --quiet --at 1023
echo
mapferry-reader --buffer "$name" --at 1020 --bytes 100 -o - | wc -c | tr -d ' '
mapferry-reader --buffer "$name" --quiet --at 5000 | wc -c | tr -d ' '
expect_exit 73 mapferry-reader --buffer "$name" -o copy
expect_exit 74 mapferry-writer --buffer "$name" --at 1020 --text hello
mapferry-reader --buffer "$name" --quiet --at 1020 | od -An -c | tr -s ' '
expect_exit 73 mapferry-writer --buffer "$name" --size 2048 --text x
mapferry ls | sed -n "/$name/p" | tr -s ' ' | cut -d ' ' -f 2-3
mapferry info "$name" | sed -n '1p; /size/p'
mapferry info "$name" --json | tr ',{}' '\n\n\n' |
    grep -E 'buffer_bytes|condition|mode|dead'
expect_exit 64 mapferry verify "$name"
expect_exit 64 mapferry-reader --name "$name" --timeout 0
expect_exit 64 mapferry-reader --name "$name" --frames --null --timeout 0
expect_exit 73 mapferry-writer --name "$name" --text x
mapferry gc --json >/dev/null 2>&1
section_exists
mapferry rm "$name"
wait "$maker"
cat maker.log >&2
expect_exit 66 mapferry-reader --buffer "$name" --timeout 0
expect_exit 66 mapferry-writer --buffer "$name" --timeout 0 --text x
expect_exit 75 mapferry-reader --buffer "$name" --timeout 50ms
