random_file 3000000 x
keep x
code=0
{ mapferry-reader --name "$name" --quiet -o - || echo $? >code; } | head -c1 >/dev/null
cat code
mapferry rm "$name"
