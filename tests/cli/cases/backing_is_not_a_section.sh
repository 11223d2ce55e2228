echo "somebody's data, of some length" >file
expect_exit 73 mapferry-writer --backing file --keep --text x
expect_exit 65 mapferry-reader --backing file
expect_exit 65 mapferry rm --backing file
cat file
# Wine does not show links to the programs.
if [ "$system" = linux ]; then
    ln -s file link
    expect_exit 77 mapferry-reader --backing link
fi
