expect_exit 66 mapferry-writer no-such-file
mkdir folder
expect_exit 66 mapferry-writer folder
expect_exit 66 mapferry-reader --name "$name" --timeout 0
expect_exit 66 mapferry-reader info "$name"
expect_exit 66 mapferry-reader verify "$name"
expect_exit 66 mapferry-reader rm "$name"
expect_exit 66 mapferry-reader info --backing no-such-file
