: >x
for time in 2d never 1000h 0.5d; do
    keep --timeout "$time" x
    mapferry-reader --name "$name" --null --quiet --consume --stall-timeout never
    end_of_keep
done
for time in 2w 1e3 never1; do
    expect_exit 64 mapferry-writer --timeout "$time" x
done
for rate in 1/0 /2 1/ 30000/1001/1 30s; do
    expect_exit 64 mapferry-writer --frames --image 1x1:GRAY8 --fps "$rate" x
done
printf 'ab' >video
mapferry-writer --name "$name" --frames --image 1x1:GRAY8 --fps 30000/1001 --lossless --quiet \
    video &
mapferry-reader --name "$name" --frames --quiet -o -
wait $!
