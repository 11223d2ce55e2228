keep --digest bytes "$data"/landscape-bgra32-v5-64x48.bmp
mapferry-reader ls | sed -n "1p; /$name/p"
mapferry-reader info "$name"
mapferry-reader verify "$name"
mapferry-reader rm "$name"
expect_exit 66 mapferry-reader info "$name"
