echo new >a
echo old >b
chmod 640 b
keep a
expect_exit 73 mapferry-reader --name "$name" -o b
cat b
mapferry-reader --name "$name" --quiet -o b --force --consume
cat b
stat -c %a b
ls
