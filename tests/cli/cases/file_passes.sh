cp "$data"/landscape-pal8-rle-160x90.bmp photo.bmp
mkdir in
mapferry-writer --name "$name" photo.bmp 2>writer.log &
(cd in && mapferry-reader --name "$name")
wait $!
cmp photo.bmp in/photo.bmp
sed 's/  [0-9.]* [KMG]*i*B\/s  /  RATE  /' writer.log
