echo old >b
echo data >a
keep a
mapferry-reader --name "$name" --quiet --durable -o new
mapferry-reader --name "$name" --quiet --durable --force -o b
cat b
cmp a new
# A pipe has no disk behind it, and a discarded payload or a printed text is not stored at all.
expect_exit 64 mapferry-reader --name "$name" --durable -o -
expect_exit 64 mapferry-reader --name "$name" --durable --null
expect_exit 64 mapferry-reader --name "$name" --durable --text
mapferry-reader --name "$name" --quiet --durable --consume -o last
section_is_gone
ls
