mapferry doctor >findings
sed -n '1s/.*/first line/p; s/.*shared memory.*/shared memory/p' findings
sed -n 's/xxh3 with .*/xxh3/p' findings
# Reads all output: a head that exits early would close the pipe under the program.
mapferry doctor --json >lines
head -1 lines
