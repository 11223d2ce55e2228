# ffmpeg's pipes: YUV4MPEG2 in colour formats of all kinds, and pictures.
if [ "$system" = windows ]; then skip "ffmpeg is a Linux program"; fi
command -v ffmpeg >/dev/null || skip "no ffmpeg here"

film() { ffmpeg -v error -y -f lavfi -i testsrc=size=38x26:rate=30000/1001 -frames:v 5 "$@"; }
pass() {
    exec 3<&0 # else the standard input of a process in the background is empty
    mapferry send --quiet --name "$name" --frames - <&3 &
    mapferry receive --quiet --name "$name" --frames "$@" </dev/null
    wait $!
    wait_until section_is_gone
}
frames() { tail -n +2 "$1"; }

for format in yuvj420p yuv422p gray16le yuv444p12le; do
    film -pix_fmt "$format" -strict -1 -f yuv4mpegpipe in.y4m
    pass -f -o out.y4m <in.y4m
    frames in.y4m >in.frames
    frames out.y4m | cmp - in.frames
    head -n 1 out.y4m
done
film -vf setfield=bff -aspect 4:3 -pix_fmt yuv420p -f yuv4mpegpipe - | pass --y4m -o - >out.y4m
head -n 1 out.y4m
film -pix_fmt yuv411p -f yuv4mpegpipe in.y4m
expect_exit 64 mapferry send --name "$name" --frames in.y4m

# PNG and bitmaps lose nothing, so the same pixels come out.
film -pix_fmt rgb24 -f image2 first-%d.ppm
for codec in png bmp mjpeg; do
    film -f image2pipe -c:v "$codec" - | pass -o "$codec-%d.ppm"
done
cmp first-5.ppm png-5.ppm
cmp first-5.ppm bmp-5.ppm
head -n 2 mjpeg-5.ppm
