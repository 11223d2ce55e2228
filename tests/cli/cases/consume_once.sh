keep --text "only once"
mapferry-reader --name "$name" --quiet --consume
echo
expect_exit 66 mapferry-reader --name "$name" --consume --timeout 0
