# Time is the subject: each side gives up when its own timeout is over.
echo hello >x
expect_exit 75 mapferry-writer --name "$name" --timeout 100ms x
expect_exit 75 mapferry-writer --name "$name" --timeout 0 x
expect_exit 75 mapferry-reader --name "$name" --timeout 100ms
