# Names and paths with control sequences for a terminal, in all output of the programs.
[ "$system" = linux ] || skip "no such names here"
bad=$(printf '\033]0;x\007\302\2332J\342\200\250\342\200\216\342\200\213')
: >"/dev/shm/mapferry.$name.$bad"
mapferry ls | grep -F "$name" | sed 's|unreadable.*|unreadable|'
mapferry doctor | grep -F "$name"
mapferry gc | grep -F "$name" || true
rm -f "/dev/shm/mapferry.$name.$bad"
expect_exit 66 mapferry-writer --name "$name" "$bad"
expect_exit 66 mapferry-writer --name "$name" --frames "$bad"
expect_exit 66 mapferry-reader --backing "$bad" --timeout 0
expect_exit 64 mapferry-reader --name "$bad"
expect_exit 64 mapferry-reader "$bad"
expect_exit 64 mapferry view --size "$bad"
expect_exit 64 mapferry-reader --frames -o "$bad%d%d.png"
keep --text hello
expect_exit 73 mapferry-reader --name "$name" -o "$bad/x"
expect_exit 73 mapferry-reader --name "$name" -o "$bad/"
: >"$bad"
expect_exit 73 mapferry-reader --name "$name" -o "$bad"
mapferry-reader --name "$name" --force --quiet -o "$bad"
mapferry rm "$name"
mapferry-writer --name "$name" --keep --quiet "$bad"
expect_exit 73 mapferry-reader --name "$name"
mapferry info "$name" | grep -o 'payload 0: .*  5 B'
mapferry rm "$name"
