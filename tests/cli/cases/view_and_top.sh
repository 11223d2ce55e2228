if [ -n "${MAPFERRY_TEST_EMULATOR:-}" ]; then
    skip "view decodes pictures only under a filter of system calls, which QEMU refuses"
fi
keep "$data"/landscape-bgr24-149x83.bmp
mapferry view "$name" --size 40x8
mapferry view "$name" --json
mapferry view "$name" --size 6x2 --colors true
expect_exit 64 mapferry view "$name" --colors pink
expect_exit 64 mapferry view "$name" --size 40
expect_exit 64 mapferry view "$name" --follow
mapferry view "$name" --size 2x1 --save picture.png
expect_exit 73 mapferry view "$name" --save picture.png
mapferry rm "$name"
expect_exit 64 mapferry top --interval 1ms
