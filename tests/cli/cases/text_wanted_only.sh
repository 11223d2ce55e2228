printf 'x' >file.txt
{ expect_exit 69 mapferry-writer --name "$name" --quiet file.txt 2>writer.log; } &
expect_exit 64 mapferry-reader --name "$name" --text
wait $!
keep --text kept
expect_exit 64 mapferry-reader --name "$name" --text --follow
mapferry-reader --name "$name" --text
mapferry-reader --name "$name" --text --consume
expect_exit 64 mapferry-reader --name "$name" --text -o file
expect_exit 64 mapferry-reader --name "$name" --follow
expect_exit 64 mapferry-reader --name "$name" --count 3
