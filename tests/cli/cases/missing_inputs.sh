expect_exit 66 mapferry-writer no-such-file
mkdir folder
expect_exit 66 mapferry-writer folder
expect_exit 66 mapferry-reader --name "$name" --timeout 0
expect_exit 66 mapferry info "$name"
expect_exit 66 mapferry verify "$name"
expect_exit 66 mapferry rm "$name"
expect_exit 66 mapferry info --backing no-such-file
expect_exit 66 mapferry top "$name" --interval 50ms
