expect_exit 64 mapferry
expect_exit 64 mapferry --json
expect_exit 64 mapferry lst
expect_exit 64 mapferry photo.bmp
expect_exit 64 mapferry help lst
expect_exit 64 mapferry --name x ls
expect_exit 64 mapferry send --bogus
expect_exit 64 mapferry receive --bogus
expect_exit 64 mapferry receive ls
expect_exit 64 mapferry rm
expect_exit 64 mapferry ls info
expect_exit 64 mapferry info a b
expect_exit 64 mapferry gc "$name"
expect_exit 64 mapferry doctor --bench
expect_exit 64 mapferry bench --size much
for command in info verify rm view top; do
    expect_exit 64 mapferry "$command" ''
done
expect_exit 64 mapferry view "$name" --save ''
expect_exit 64 mapferry view "$name" --size ''
expect_exit 64 mapferry top --interval nan
