mapferry-writer --name "$name" --quiet --text first &
wait_until section_exists
expect_exit 73 mapferry-writer --name "$name" --text second
expect_exit 75 mapferry rm "$name" 2>rm.log
sed 's/(process [0-9]*)/(process N)/' rm.log
mapferry gc
mapferry-reader --name "$name" --quiet
wait $!
