mapferry help help >got
mapferry --help >wanted
cmp got wanted
