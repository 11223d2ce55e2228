# A name or a file that can never be right ends top at once, with and without --once.
for how in "" --once; do
    # shellcheck disable=SC2086
    expect_exit 64 mapferry top $how "bad name"
    printf abc >file
    # shellcheck disable=SC2086
    expect_exit 65 mapferry top $how --backing file
done
mapferry-writer --buffer state --backing state.section --size 16 --quiet
expect_exit 64 mapferry view --backing state.section
rm state.section
