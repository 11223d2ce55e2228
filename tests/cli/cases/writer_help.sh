mapferry-writer -h
echo
mapferry-writer --help
