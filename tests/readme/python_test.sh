#!/bin/sh
# python_test.sh CAMERA PROGRAM MAPFERRY: the program in Python shows frames of the camera, and
# keeps a file when the camera has ended.
set -eu

camera_program=$1
python_program=$2
mapferry=$3
MAPFERRY_TEST_NAME=readme-python-$$
export MAPFERRY_TEST_NAME
scratch=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true
    "$mapferry" rm --force "$MAPFERRY_TEST_NAME-report" >/dev/null 2>&1 || true
    rm -rf "$scratch"' EXIT
cd "$scratch"
echo report >report.pdf

frame() { head -c $((640 * 480)) /dev/zero; }

mkfifo pixels
"$camera_program" <pixels &
camera=$!
exec 3>pixels
/usr/bin/python3 -u "$python_program" >shown 3>&- &
reader=$!
tries=0
until [ -s shown ] || [ "$tries" -gt 500 ]; do
    frame >&3
    tries=$((tries + 1))
    sleep 0.02 # between two frames
done
exec 3>&-
wait "$camera"
wait "$reader"
if ! grep -q '^[0-9]* [0-9]* (480, 640) 0.0$' shown; then
    echo "the program has shown:"
    cat shown
    exit 1
fi
"$mapferry" verify "$MAPFERRY_TEST_NAME-report"
