random_file 1000000 x
mapferry-writer --backing s --name "$name" --quiet --keep --slot-size 64KiB x
# Slot 4 holds bytes 196608-262143 of the payload; one byte of it changes.
offset=$((65536 + 4 * 65536 + 100))
byte=$(od -An -tu1 -j "$offset" -N1 s | tr -d ' ')
printf "\\$(printf %03o $((byte ^ 1)))" | dd of=s bs=1 seek="$offset" conv=notrunc status=none
expect_exit 65 mapferry-reader --backing s -o y
expect_exit 65 mapferry-reader --backing s --null
expect_exit 65 mapferry verify --backing s
ls
