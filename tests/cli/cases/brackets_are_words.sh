keep --text '[1,2,3]'
mapferry-reader --name "$name" --text --consume --quiet
end_of_keep
keep '--text=[a]'
mapferry-reader --name "$name" --text --consume --quiet
end_of_keep
echo inside >'[a,b]'
keep '[a,b]'
mapferry-reader --name "$name" --quiet -o '[c]' --consume
end_of_keep
cat '[c]'
: >y
expect_exit 64 mapferry-writer --name '[x]' y
expect_exit 64 mapferry-reader '[stray]'
