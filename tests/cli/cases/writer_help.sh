mapferry-writer --help
