#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_tests.sh DIST WORK [debian]: tests the packages in the folder DIST: their sums, the Debian
# packages in a bare root, the wheel for this system, and what is for Arm64 under QEMU and for
# Windows under Wine, which `debian` leaves out. Ends with `N passed, N failed[, N skipped]`.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
dist=$(cd "$1" && pwd)
mkdir -p "$2"
work=$(cd "$2" && pwd)
parts=4
if [ "${3:-}" = debian ]; then parts=2; fi
log=$(mktemp)
wheel=$(mktemp -d)
python=${PYTHON:-/usr/bin/python3}
trap 'rm -rf "$log" "$wheel"' EXIT

sums_fit() { (cd "$dist" && sha256sum --check --strict SHA256SUMS); }

wheel_passes_arrays() {
    "$python" -m pip --disable-pip-version-check install -q --no-index --no-deps \
        --target "$wheel" "$dist"/mapferry-*-manylinux_*_"$(uname -m)".whl
    cd "$wheel"
    PYTHONPATH=$wheel timeout 60 "$python" -B "$here/user/arrays.py"
}

{
    (
        # shellcheck source=tests/packages/check.sh
        . "$here/check.sh"
        check "sums are those of the packages" sums_fit
        check "wheel passes arrays of numpy between processes" wheel_passes_arrays
        close_checks
    ) || true
    echo "== Debian packages"
    code=0
    "$here/bare_root.sh" "$dist" "$work" || code=$?
    if [ "$code" -eq 125 ]; then echo "0 passed, 0 failed, 21 skipped"; fi
    if [ "$parts" -eq 4 ]; then
        echo "== packages for Arm64"
        "$here/arm64.sh" "$dist" || true
        echo "== Windows packages"
        "$here/windows.sh" "$dist" "$work" || true
    fi
} | tee "$log"

# A part that ends without its line has failed.
awk -v wanted="$parts" '
    /^[0-9]+ passed, [0-9]+ failed/ { passed += $1; failed += $3; skipped += $5; ++parts }
    END {
        if (parts != wanted) { print "a part of the tests has no result"; ++failed }
        printf "%d passed, %d failed", passed, failed
        if (skipped) printf ", %d skipped", skipped
        print ""
        exit failed > 0
    }' "$log"
