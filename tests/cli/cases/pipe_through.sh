mkdir folder other
random_file 300000 folder/a
echo b >folder/b
tar c folder | mapferry-writer --name "$name" --quiet - &
mapferry-reader --name "$name" --quiet -o - | tar x -C other
wait $!
diff -r folder other/folder && echo same
