keep --text data
mkfifo fifo
ln -s elsewhere link
# Wine does not show links to the programs.
case $system in
    linux) outputs="fifo link /dev/null" ;;
    windows) outputs="fifo NUL nul.txt" ;;
esac
for output in $outputs; do
    expect_exit 73 mapferry-reader --name "$name" --force -o "$output"
done
expect_exit 73 mapferry-reader --name "$name" -o missing/
expect_exit 73 mapferry-reader --name "$name" -o missing/file
mapferry rm "$name"
ls
