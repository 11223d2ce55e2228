echo old >b
echo data >a
keep a
mapferry-reader --name "$name" --quiet --durable -o new
mapferry-reader --name "$name" --quiet --durable --force -o b
cat b
cmp a new
# There is no disk behind a pipe, and nothing of a text or of nothing.
expect_exit 64 mapferry-reader --name "$name" --durable -o -
expect_exit 64 mapferry-reader --name "$name" --durable --null
expect_exit 64 mapferry-reader --name "$name" --durable --text
mapferry-reader --name "$name" --quiet --durable --consume -o last
section_is_gone
ls
