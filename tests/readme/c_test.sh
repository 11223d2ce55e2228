#!/bin/sh
# c_test.sh GREETING MAPFERRY: the program in C prints the text that it is sent.
set -eu

MAPFERRY_TEST_NAME=readme-c-$$
export MAPFERRY_TEST_NAME
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

"$2" send --quiet --name "$MAPFERRY_TEST_NAME" --text hello &
sender=$!
shown=$("$1")
wait "$sender"
if [ "$shown" != hello ]; then
    echo "the program has shown: $shown"
    exit 1
fi
