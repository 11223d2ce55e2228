if [ "$system" = windows ]; then skip "Windows has no such pipes"; fi
mkfifo pipe
expect_exit 75 mapferry-writer --name "$name" --keep --timeout 300ms pipe
section_is_gone
(sleep 0.5 && echo late >pipe) & # time itself: the writer must find no producer at first
mapferry-writer --name "$name" --keep --quiet pipe
mapferry-reader --name "$name" --quiet -o - --consume
wait
# A reader that is there already does not end the wait for a producer.
mapferry-reader --name "$name" --quiet -o got 2>reader.errors &
expect_exit 75 mapferry-writer --name "$name" --timeout 1s pipe
expect_exit 69 wait $!
cat reader.errors >&2
# A pipe whose producer has already ended is at its end.
true | mapferry-writer --name "$name" --keep --quiet --timeout 300ms /dev/stdin
mapferry-reader --name "$name" --quiet -o - --consume | wc -c
