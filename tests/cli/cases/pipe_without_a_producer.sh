if [ "$system" = windows ]; then skip "Windows has no such pipes"; fi
mkfifo pipe
expect_exit 75 mapferry-writer --name "$name" --keep --timeout 300ms pipe
section_is_gone
(sleep 0.5 && echo late >pipe) & # time itself: the writer has to find nobody at first
mapferry-writer --name "$name" --keep --quiet pipe
mapferry-reader --name "$name" --quiet -o - --consume
wait
# A pipe whose producer has ended already is at its end.
true | mapferry-writer --name "$name" --keep --quiet --timeout 300ms /dev/stdin
mapferry-reader --name "$name" --quiet -o - --consume | wc -c
