echo data >a
keep a
expect_exit 73 mapferry-reader --name "$name" -o a --force
# Wine cannot identify a file that a Linux shell has opened.
if [ "$system" = linux ]; then expect_exit 73 mapferry-reader --name "$name" -o - >>a; fi
cat a
mapferry rm "$name"
