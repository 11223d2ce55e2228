mapferry-reader --help
