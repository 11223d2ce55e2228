if [ "$system" = windows ]; then skip "Windows has no such file names"; fi
# Every name that Linux allows is stored.
mkdir in out
for file in .bashrc a:b.log aux.c 'What?.txt' -x; do echo "$file" >"in/$file"; done
keep in/.bashrc in/a:b.log in/aux.c 'in/What?.txt' in/-x
mapferry-reader --name "$name" --quiet -o out --consume
diff -r in out

# A name that can't be used loses only its own payload.
mkdir da db out2 out3
bad=$(printf 'two\nlines')
echo 1 >da/x.bin
echo 2 >db/x.bin
echo 3 >"da/$bad"
echo 4 >da/last
keep da/x.bin db/x.bin "da/$bad" da/last
expect_exit 73 mapferry-reader --name "$name" --quiet -o out2 --consume
(cd out2 && grep . ./*)
mapferry-reader --name "$name" --quiet --rename -o out3 --consume
(cd out3 && grep . ./*)

# The writer reports it, and does not call it damage.
mapferry-writer --name "$name" --quiet da/x.bin da/last 2>said &
mkdir out4
echo 0 >out4/x.bin
expect_exit 73 mapferry-reader --name "$name" --quiet -o out4
wait $! || echo "writer: $?"
cat said out4/*
