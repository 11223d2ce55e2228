echo "new and longer than before" >a
echo old >b
ln b other
keep a
mapferry-reader --name "$name" --quiet -o b --in-place
cat b other
echo "an old file that is longer than the new one" >c
mapferry-reader --name "$name" --quiet -o c --in-place
cat c
mapferry-reader --name "$name" --quiet -o d --in-place
cat d
expect_exit 64 mapferry-reader --name "$name" --null --in-place
ls
mapferry rm "$name" >/dev/null
