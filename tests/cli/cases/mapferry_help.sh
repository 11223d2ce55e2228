mapferry -h
echo
mapferry --help
