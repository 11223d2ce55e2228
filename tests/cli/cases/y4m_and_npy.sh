# Video and arrays say what they are, so neither side needs an option.
header='YUV4MPEG2 W4 H2 F30000:1001 Ip A1:1 C420jpeg'
printf '%s\nFRAME\nYYYYYYYYUUVVFRAME\nyyyyyyyyuuvv' "$header" >in.y4m
mapferry-writer --name "$name" --quiet --frames --meta lens=50mm - <in.y4m &
mapferry-reader --name "$name" --json --frames -o out.y4m |
    sed 's/"\(published_unix_ns\|latency_[a-z_]*ns\|seconds\)":[0-9.e-]*,//g'
wait $!
cmp in.y4m out.y4m

{
    printf "\223NUMPY\001\000\070\000"
    printf "{'descr': '<u2', 'fortran_order': False, 'shape': (3,)}\n"
    printf 'aabbcc'
} >in.npy
mapferry-writer --name "$name" --quiet --frames in.npy in.npy &
mapferry-reader --name "$name" --quiet --frames -o 'out-%d.npy'
wait $!
mapferry-writer --name "$name" --quiet --frames out-2.npy &
mapferry-reader --name "$name" --quiet --frames -o again.npy
wait $!
cmp out-2.npy again.npy
tail -c 6 again.npy
echo

expect_exit 64 mapferry-writer --name "$name" --meta novalue in.npy
expect_exit 64 mapferry-reader --name "$name" --y4m -o -
expect_exit 64 mapferry-reader --name "$name" --frames --y4m -o 'out-%d.npy'
expect_exit 64 mapferry-reader --name "$name" --frames --y4m --null
sed 's/C420jpeg/C411/' in.y4m >other.y4m
expect_exit 64 mapferry-writer --name "$name" --frames other.y4m
sed 's/<u2/>u2/' in.npy >big.npy
expect_exit 64 mapferry-writer --name "$name" --frames big.npy
