mapferry-writer --version
mapferry-reader --version
mapferry --version
mapferry ls --version
