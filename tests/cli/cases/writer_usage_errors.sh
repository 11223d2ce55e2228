: >x
expect_exit 64 mapferry-writer
expect_exit 64 mapferry-writer --bogus x
expect_exit 64 mapferry-writer --readers 0 x
expect_exit 64 mapferry-writer --readers 65 x
expect_exit 64 mapferry-writer --slot-size 12q x
expect_exit 64 mapferry-writer --slot-size 0 x
expect_exit 64 mapferry-writer --slots -1 x
expect_exit 64 mapferry-writer --timeout soon x
expect_exit 64 mapferry-writer --progress perhaps x
expect_exit 64 mapferry-writer --digest md5 x
expect_exit 64 mapferry-writer --name a/b x
expect_exit 64 mapferry-writer --name '' x
expect_exit 64 mapferry-writer - -
for option in --name --backing --buffer; do
    expect_exit 64 mapferry-writer "$option" '' x
done
expect_exit 64 mapferry-writer --frames --image '' x
for rate in '' nan -nan inf infinity -1 0x10 1e999 1000001; do
    expect_exit 64 mapferry-writer --frames --image 1x1:GRAY8 --fps "$rate" x
done
for number in '' inf -1 1.5 18446744073709551616; do
    expect_exit 64 mapferry-writer --frames --count "$number" x
    expect_exit 64 mapferry-writer --readers "$number" x
    expect_exit 64 mapferry-writer --slots "$number" x
done
