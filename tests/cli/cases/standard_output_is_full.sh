# Requested output that could not be written is a failure; the payload itself is not lost.
[ "$system" = linux ] || skip "no device here that is always full"
if [ -n "${MAPFERRY_TEST_EMULATOR:-}" ]; then
    skip "view decodes pictures only under a filter of system calls, which QEMU refuses"
fi
full() {
    code=0
    "$@" >/dev/full 2>errors || code=$?
    echo "$code: $(head -n 1 errors | cut -c 1-120)"
}
printf 'x' >file
keep file
for program in mapferry-reader mapferry-writer mapferry; do
    full "$program" --help
    full "$program" --version
done
for command in ls "info $name" "verify $name" doctor "view $name" "top --once --interval 50ms"; do
    for form in "" --json; do
        [ "$command$form" = "view $name" ] && continue # the file is no picture
        # shellcheck disable=SC2086
        full mapferry $command $form
    done
done
full mapferry-reader --name "$name" --json --consume -o copy
cmp file copy
full mapferry-reader --name "$name" --text --json
section_exists
full mapferry rm --name "$name" --json
section_is_gone
full mapferry-writer --name "$name" --keep --json file
mapferry-reader --name "$name" --quiet --consume -o copy-2
cmp file copy-2
full mapferry-writer --buffer "$name" --size 8 --json --text x
full mapferry-reader --buffer "$name" --json -o part
mapferry rm "$name"
mapferry-writer --name "$name" --keep -q "$MAPFERRY_TEST_DATA/landscape-pal1-97x61.bmp"
full mapferry view "$name"
mapferry rm "$name"
