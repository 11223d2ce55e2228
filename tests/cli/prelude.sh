# shellcheck shell=sh
# What every command-line case may use. $name is its section's name; a second section is called
# "$name-2".

name=$MAPFERRY_TEST_NAME
# shellcheck disable=SC2034
data=$MAPFERRY_TEST_DATA

# expect_exit CODE COMMAND...: the case fails when COMMAND exits otherwise.
expect_exit() {
    expected_code=$1
    shift
    actual_code=0
    "$@" || actual_code=$?
    if [ "$actual_code" -ne "$expected_code" ]; then
        echo "exit code $actual_code instead of $expected_code: $*" >&2
        exit 1
    fi
}

# wait_until COMMAND...: until it succeeds, for ten seconds at most.
wait_until() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        if [ "$tries" -ge 200 ]; then
            echo "waited ten seconds in vain for: $*" >&2
            exit 1
        fi
        sleep 0.05
    done
}

# section_exists [NAME]: there is such a section in shared memory.
section_exists() { [ -e "/dev/shm/mapferry.${1:-$name}" ]; }

# random_file BYTES PATH
random_file() { head -c "$1" /dev/urandom >"$2"; }

# skip REASON: ends the case without a verdict.
skip() {
    echo "$*" >"$MAPFERRY_TEST_SKIP"
    exit 0
}
