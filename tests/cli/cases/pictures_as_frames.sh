cp "$data/landscape-bgr24-149x83.bmp" a.bmp
cp "$data/landscape-pal8-rle-160x90.bmp" b.bmp
echo "some text" >notes.txt

mapferry-writer --name "$name" --frames a.bmp b.bmp 2>said &
mapferry-reader --name "$name" --quiet --frames -o 'p-%02d.bmp'
wait $!
grep warning said
ls p-*
cmp b.bmp p-02.bmp

# As files: the same bytes, and the same word to the user.
mapferry-writer --name "$name" b.bmp 2>said &
mapferry-reader --name "$name" --quiet -o copy.bmp
wait $!
grep bytes said
cmp b.bmp copy.bmp

expect_exit 64 mapferry-reader --name "$name" --frames -o 'p-%02d.webp'
expect_exit 65 mapferry-writer --name "$name" --frames notes.txt
expect_exit 66 mapferry-writer --name "$name" --frames none.png
expect_exit 75 mapferry-writer --name "$name" --frames --timeout 300ms a.bmp
