# The options are those of mapferry-writer and mapferry-reader, under another program name.
for pair in send:writer receive:reader; do
    command=${pair%:*}
    mapferry "$command" -h
    echo
    mapferry "$command" --help >whole
    sed -n '1,/^What/p' whole
    sed '1,/^What/d' whole >of_command
    "mapferry-${pair#*:}" --help | sed '1,/^What/d' | cmp - of_command
    mapferry help "$command" | cmp - whole
done
