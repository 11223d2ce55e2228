expect_exit 64 mapferry-reader --bogus
expect_exit 64 mapferry-reader surplus
expect_exit 64 mapferry-reader --null -o x
expect_exit 64 mapferry-reader --name ../x --timeout 0
expect_exit 64 mapferry-reader --sparse some
for option in --name --backing -o --buffer; do
    expect_exit 64 mapferry-reader --timeout 0 "$option" ''
done
for command in ls info verify rm gc top view doctor bench; do
    expect_exit 64 mapferry-reader "$command"
done
for time in '' inf nan -nan -1 1e999 0x1 400x; do
    expect_exit 64 mapferry-reader --timeout "$time"
done
for size in '' inf nan -1 0x10 1e3 99999999999999999999; do
    expect_exit 64 mapferry-reader --buffer "$name" --at "$size"
    expect_exit 64 mapferry-reader --buffer "$name" --bytes "$size"
done
# An empty value after = is one, and the next word is not it.
for option in --output --backing --name; do
    expect_exit 64 mapferry-reader "$option=" --null
done
