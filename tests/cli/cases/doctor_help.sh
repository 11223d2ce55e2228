mapferry-reader doctor --help | sed "/^Exit codes/,\$d"
