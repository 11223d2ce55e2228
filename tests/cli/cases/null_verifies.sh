random_file 1000000 x
keep x
mapferry-reader --name "$name" --null 2>&1 | sed 's/  [0-9.]* [KMG]*i*B\/s  .*  /  RATE AND HASH  /'
mapferry-reader --name "$name" --null --quiet --consume
ls
