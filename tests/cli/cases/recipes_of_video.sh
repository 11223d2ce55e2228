# The commands of "Video from and to other programs" in docs/recipes.md, as they stand there.
if [ "$system" = windows ]; then skip "the other programs are Linux ones"; fi
for program in ffmpeg gst-launch-1.0; do
    command -v "$program" >/dev/null || skip "no $program here"
done
gst-inspect-1.0 theoraenc >/dev/null 2>&1 || skip "no plugins of GStreamer here"

ffmpeg -v error -f lavfi -i testsrc=size=320x240:rate=30000/1001 -frames:v 60 -c:v mpeg4 film.mp4
recipe_of "Video from and to other programs" | sed "s/film-7/$name/g" >recipe.sh
. ./recipe.sh 2>said

# What came out is what went in.
hashes() { ffmpeg -v error "$@" -f framemd5 - | grep -v '^#' | sed 's/.*, //'; }
ffmpeg -v error -i film.mp4 -f yuv4mpegpipe film.y4m
hashes -i film.y4m >film.md5
hashes -i copy.y4m | cmp - film.md5
head -n 1 copy.y4m
count() { ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 "$1"; }
for film in again.mp4 part.mp4 part.ogg test.y4m; do echo "$film $(count "$film")"; done
hashes -i film.mp4 -frames:v 5 -pix_fmt rgb24 >stills.md5
hashes -i still-%02d.png -pix_fmt rgb24 | cmp - stills.md5
grep -E "error|warning" said || true
