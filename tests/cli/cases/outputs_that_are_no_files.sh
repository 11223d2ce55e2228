mapferry-writer --name "$name" --quiet --keep --text data
mkfifo fifo
ln -s elsewhere link
for output in fifo link /dev/null; do
    expect_exit 73 mapferry-reader --name "$name" --force -o "$output"
done
expect_exit 73 mapferry-reader --name "$name" -o missing/
expect_exit 73 mapferry-reader --name "$name" -o missing/file
mapferry-reader rm "$name"
ls
