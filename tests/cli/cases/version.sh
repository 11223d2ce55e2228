mapferry-writer --version
mapferry-reader --version
