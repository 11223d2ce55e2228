if [ "$system" = windows ]; then skip "Windows has no such file names"; fi
bad=$(printf 'two\nlines')
echo data >"$bad"
keep "$bad"
expect_exit 73 mapferry-reader --name "$name"
mapferry-reader --name "$name" --quiet -o good --consume
cat good
