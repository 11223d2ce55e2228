expect_exit 64 mapferry-reader --bogus
expect_exit 64 mapferry-reader surplus
expect_exit 64 mapferry-reader --null -o x
expect_exit 64 mapferry-reader --name ../x --timeout 0
expect_exit 64 mapferry-reader rm
expect_exit 64 mapferry-reader ls info
expect_exit 64 mapferry-reader doctor --bench-size 1MiB
expect_exit 64 mapferry-reader doctor --bench --bench-size much
