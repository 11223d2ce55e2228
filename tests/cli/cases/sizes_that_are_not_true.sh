# A file of /sys says a page and has less; one of /proc says nothing and has more.
for file in /sys/kernel/mm/transparent_hugepage/enabled /proc/self/mounts /dev/null; do
    if [ "$system" = windows ] || [ ! -r "$file" ]; then skip "there is no $file"; fi
    keep "$file"
    mapferry-reader --name "$name" --quiet -o copy -f --consume
    cat "$file" | cmp - copy
done
