# The exit codes are left out: they are the same for all commands.
for command in top view serve; do
    mapferry "$command" -h
    echo
    mapferry "$command" --help >whole
    sed '/^Exit codes/,$d' whole
    mapferry help "$command" | cmp - whole
done
