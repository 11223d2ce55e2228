echo 1 >a
echo 2 >b
keep a b
expect_exit 73 mapferry-reader --name "$name" -o one
mkdir all
mapferry-reader --name "$name" --quiet -o all
cat all/a all/b
mapferry-reader --name "$name" --quiet -o - --consume
