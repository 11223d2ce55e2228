echo data >a
mapferry-writer --name "$name" --quiet --keep a
expect_exit 73 mapferry-reader --name "$name" -o a --force
expect_exit 73 mapferry-reader --name "$name" -o - >>a
cat a
mapferry-reader rm "$name"
