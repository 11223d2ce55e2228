cp "$data"/landscape-pal1-97x61.bmp p.bmp
keep_as "$name" --json p.bmp >kept
mapferry-reader --name "$name" --json -o q.bmp | sed 's/"[a-z_]*seconds*":[^,]*,//g'
mapferry-reader --name "$name" --json -o - 2>events >payload
cmp p.bmp payload
grep -c '"event":"payload"' events
expect_exit 73 mapferry-reader --name "$name" --json -o q.bmp
mapferry rm "$name" --json
end_of_keep
sed 's/"[a-z_]*seconds*":[^,]*,//g' kept
