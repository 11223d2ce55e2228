mapferry-reader view --help
mapferry-reader top --help
keep "$data"/landscape-bgr24-149x83.bmp
mapferry-reader view "$name" --size 40x8
mapferry-reader view "$name" --json
mapferry-reader view "$name" --size 6x2 --colors true
expect_exit 64 mapferry-reader view "$name" --colors pink
expect_exit 64 mapferry-reader view "$name" --size 40
expect_exit 64 mapferry-reader view "$name" --follow
mapferry-reader view "$name" --size 2x1 --save picture.png
expect_exit 73 mapferry-reader view "$name" --save picture.png
mapferry-reader rm "$name"
expect_exit 64 mapferry-reader top --interval 1ms
