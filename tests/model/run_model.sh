#!/bin/sh
# run_model.sh: checks the lease protocol with spin over all orders of its steps, then makes sure
# that the check can fail: with a step of the protocol left out it must find the fault.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# check NAME FLAG...: prints what the verifier found; sets `errors`.
check() {
    name=$1
    shift
    spin "$@" -a "$here/frame_lease.pml" >spin.log 2>&1 || { cat spin.log >&2; exit 1; }
    cc -O2 -DSAFETY -DCOLLAPSE -DVECTORSZ=2048 -w -o pan pan.c
    ./pan -m200000 -w26 >pan.log
    errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' pan.log)
    states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' pan.log)
    if grep -q 'search depth too small\|not enough memory' pan.log; then
        cat pan.log >&2
        exit 1
    fi
    echo "$name: ${states:-?} states, $errors errors"
}

check "frame leases"
if [ "$errors" -ne 0 ]; then
    cat pan.log >&2
    exit 1
fi
for step in NO_RETIREMENT NO_SECOND_LOOK SAME_TICKET; do
    check "without $step" "-DBROKEN_$step"
    if [ "$errors" -eq 0 ]; then
        echo "run_model: the model does not notice that $step is missing" >&2
        exit 1
    fi
done
echo "model: the protocol holds, and the check notices each missing step"
