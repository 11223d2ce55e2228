#!/bin/sh
# readme_test.sh CAMERA VIEWER MAPFERRY: the viewer shows frames of the camera, and ends with it.
set -eu

mapferry=$3
MAPFERRY_TEST_NAME=readme-$$
export MAPFERRY_TEST_NAME
scratch=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$scratch"' EXIT

frame() { head -c $((640 * 480)) /dev/zero; }

mkfifo "$scratch/pixels"
"$1" <"$scratch/pixels" &
camera=$!
exec 3>"$scratch/pixels"
"$2" >"$scratch/shown" 3>&- &
viewer=$!

has_taken_one() { "$mapferry" info "$MAPFERRY_TEST_NAME" --json | grep -q '"frames_taken":[1-9]'; }

tries=0
until has_taken_one 3>&- 2>/dev/null; do
    frame >&3
    tries=$((tries + 1))
    if [ "$tries" -gt 200 ]; then break; fi
    sleep 0.02 # between two frames
done
exec 3>&-
wait "$camera"
wait "$viewer"
if ! grep -q '^307200 bytes, [0-9]* missed$' "$scratch/shown"; then
    echo "the viewer has shown nothing"
    exit 1
fi
