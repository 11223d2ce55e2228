echo data >a
chmod 640 a
touch -d 2001-02-03T04:05:06.789Z a
keep a
mapferry-reader --name "$name" --quiet --preserve -o b
umask 022
mapferry-reader --name "$name" --quiet -o c --consume
stat -c '%a %Y %y' b
stat -c %a c
