bad=$(printf 'two\nlines')
echo data >"$bad"
mapferry-writer --name "$name" --quiet --keep "$bad"
expect_exit 65 mapferry-reader --name "$name"
mapferry-reader --name "$name" --quiet -o good --consume
cat good
