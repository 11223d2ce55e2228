keep --text first
expect_exit 73 mapferry-writer --name "$name" --quiet --keep --text second
expect_exit 73 mapferry-writer --name "$name" --quiet --text third
mapferry-reader --name "$name" --quiet --consume
