# The exit codes are the same for all.
for command in top view; do
    mapferry "$command" -h
    echo
    mapferry "$command" --help >whole
    sed '/^Exit codes/,$d' whole
    mapferry help "$command" | cmp - whole
done
