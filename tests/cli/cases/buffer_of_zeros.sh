# --size alone makes a buffer of zeros. The programs wait for a missing buffer until --timeout is
# over.
expect_exit 66 mapferry-reader --buffer "$name" --timeout 0
expect_exit 66 mapferry-writer --buffer "$name" --timeout 0 --text x
expect_exit 75 mapferry-reader --buffer "$name" --timeout 50ms
expect_exit 75 mapferry-writer --buffer "$name" --timeout 50ms --text x
expect_exit 64 mapferry-writer --buffer "$name"
expect_exit 64 mapferry-writer --buffer "$name" --size 0
expect_exit 64 mapferry-writer --buffer "$name" --size 8 --at 2
expect_exit 74 mapferry-writer --buffer "$name" --size 4 --text hello
section_is_gone
# A file, because on Windows a buffer in memory would need its creator.
zeros() { mapferry-writer --buffer "$name" --backing zeros "$@"; }
zeros --size 8
zeros --size 8
zeros --size 8 --json
expect_exit 73 zeros --size 16
mapferry-reader --buffer "$name" --backing zeros --timeout 0 -o - | od -An -c | tr -s ' '
zeros --text hello
zeros --size 8
expect_exit 74 zeros --text "much too long"
mapferry-reader --buffer "$name" --backing zeros --quiet -o - | od -An -c | tr -s ' '
mapferry info --backing zeros | sed -n '/size/p'
expect_exit 64 mapferry verify --backing zeros
