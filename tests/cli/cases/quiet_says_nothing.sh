mapferry-writer -q --name "$name" --keep --text x
mapferry-reader -q --name "$name" --consume --null
