keep --digest bytes "$data"/landscape-bgra32-v5-64x48.bmp
mapferry ls | sed -n "1p; /$name/p"
mapferry info "$name"
mapferry verify "$name"
mapferry rm "$name"
expect_exit 66 mapferry info "$name"
