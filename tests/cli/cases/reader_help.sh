mapferry-reader -h
echo
mapferry-reader --help
