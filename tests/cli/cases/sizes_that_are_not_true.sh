# A file of /sys reports the size of a page and has less; a file of /proc reports none and has more.
for file in /sys/kernel/mm/transparent_hugepage/enabled /proc/self/mounts /dev/null; do
    if [ "$system" = windows ] || [ ! -r "$file" ]; then skip "there is no $file"; fi
    keep "$file"
    mapferry-reader --name "$name" --quiet -o copy -f --consume
    cat "$file" | cmp - copy
done
