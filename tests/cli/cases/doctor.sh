mapferry-reader doctor >findings
sed -n '1s/.*/first line/p; s/.*shared memory.*/shared memory/p' findings
sed -n 's/xxh3 with .*/xxh3/p' findings
mapferry-reader doctor --json | head -1
