random_file 700000 x
keep_as "$name" --digest bytes --json x >events
sed 's/.*"xxh3_128":"\([0-9a-f]*\)".*/\1/; 1q' events >mine
xxh128sum <x | cut -d' ' -f1 >theirs
diff mine theirs && echo same
mapferry rm "$name"
