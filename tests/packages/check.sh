# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# check.sh: for the scripts of this folder. A line for each check, and `N passed, N failed`.
passed=0
failed=0
check_output=$(mktemp)

# check NAME FUNCTION [ARG...]: runs it in a shell of its own, which its first failing command ends.
# The caller's `set -e` holds there only because the shell is in no condition.
check() {
    check_name=$1
    shift
    set +e
    (
        set -e
        "$@"
    ) >"$check_output" 2>&1
    check_code=$?
    set -e
    if [ "$check_code" -eq 0 ]; then
        passed=$((passed + 1))
        echo "passed: $check_name"
    else
        failed=$((failed + 1))
        echo "failed: $check_name"
        sed 's/^/    /' "$check_output"
    fi
}

# The last command of a script.
close_checks() {
    rm -f "$check_output"
    echo "$passed passed, $failed failed"
    test "$failed" -eq 0
}
