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
