random_file 700000 x
mapferry-writer --name "$name" --keep --digest bytes --json x |
    sed 's/.*"xxh3_128":"\([0-9a-f]*\)".*/\1/; 1q' >mine
xxh128sum <x | cut -d' ' -f1 >theirs
diff mine theirs && echo same
mapferry-reader rm "$name"
