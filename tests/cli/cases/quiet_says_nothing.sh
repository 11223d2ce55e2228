keep_as "$name" -q --text x
mapferry-reader -q --name "$name" --consume --null
