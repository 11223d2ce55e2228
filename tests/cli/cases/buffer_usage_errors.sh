printf 'x' >x
expect_exit 64 mapferry-writer --buffer "$name" --size 0 x
expect_exit 64 mapferry-writer --buffer "$name" --size 2TiB x
expect_exit 64 mapferry-writer --buffer "$name" --size 8 x x
expect_exit 64 mapferry-writer --buffer "$name" --keep x
expect_exit 64 mapferry-writer --size 8 x
expect_exit 64 mapferry-writer --buffer 'a/b' --size 8 x
expect_exit 64 mapferry-reader --at 8
expect_exit 64 mapferry-reader --buffer "$name" --text
expect_exit 64 mapferry-reader --buffer "$name" --null
# Contents that do not fit create no buffer.
expect_exit 74 mapferry-writer --buffer "$name" --size 8 --at 8 x
expect_exit 74 mapferry-writer --buffer "$name" --size 8 --at 9223372036854775807 x
section_is_gone
keep --text "a payload"
expect_exit 73 mapferry-writer --buffer "$name" --size 8 x
expect_exit 64 mapferry-reader --buffer "$name" --timeout 0
mapferry rm "$name"
