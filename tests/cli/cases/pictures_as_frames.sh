cp "$data/landscape-bgr24-149x83.bmp" a.bmp
cp "$data/landscape-pal8-rle-160x90.bmp" b.bmp
head -c 1000 a.bmp >cut.bmp
printf 'GIF89a\002\000\001\000\000\000\000,\000\000\000\000\002\000\001\000\000\002\000;' >c.gif
echo "some text" >notes.txt

# A bad picture loses only itself, and the exit code shows that.
mapferry-writer --name "$name" --frames a.bmp cut.bmp b.bmp c.gif 2>said &
mapferry-reader --name "$name" --quiet --frames -o 'p-%02d.raw'
code=0
wait $! || code=$?
echo "writer: $code"
grep -E 'error|warning' said
ls p-*
cmp c.gif p-03.raw

# The picture as a file: the same bytes, and the same message for the user.
mapferry-writer --name "$name" c.gif 2>said &
mapferry-reader --name "$name" --quiet -o copy.gif
wait $!
grep bytes said
cmp c.gif copy.gif

# Several pictures in one stream, and other bytes behind them.
{ cat a.bmp a.bmp; echo more; } | mapferry-writer --name "$name" --frames - 2>said &
mapferry-reader --name "$name" --quiet --frames -o 'q-%d.bmp'
wait $! || true
grep error said
ls q-*

expect_exit 64 mapferry-reader --name "$name" --frames -o 'p-%02d.webp'
expect_exit 64 mapferry-writer --name "$name" --frames --image 149x83:BGR24:446 a.bmp
expect_exit 65 mapferry-writer --name "$name" --frames notes.txt
expect_exit 65 mapferry-writer --name "$name" --frames cut.bmp
expect_exit 66 mapferry-writer --name "$name" --frames none.png
expect_exit 75 mapferry-writer --name "$name" --frames --timeout 300ms a.bmp
