if [ "$system" = windows ]; then skip "Windows keeps a folder that somebody is in"; fi
keep --text data
mkdir gone
cd gone
rmdir ../gone
expect_exit 73 mapferry-reader --name "$name" -o file
cd ..
mapferry rm "$name"
