#!/bin/sh
# run_model.sh: checks the protocols with spin over all orders of their steps. Then makes sure that
# the checks can fail: with a step of the protocol left out, they must find the fault.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# check MODEL NAME FLAG...: prints the result of the verifier; sets `errors`. $size: further flags.
size=
check() {
    model=$1
    name=$2
    shift 2
    # The flags are separate words on purpose.
    # shellcheck disable=SC2086
    set -- "$@" $size
    spin "$@" -a "$here/$model.pml" >spin.log 2>&1 || { cat spin.log >&2; exit 1; }
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

# holds MODEL STEP...: the protocol must hold, and the check must notice each missing STEP.
holds() {
    protocol=$1
    shift
    check "$protocol" "$protocol${size:+ $size}"
    if [ "$errors" -ne 0 ]; then
        cat pan.log >&2
        exit 1
    fi
    for step; do
        check "$protocol" "$protocol without $step" "-DBROKEN_$step"
        if [ "$errors" -eq 0 ]; then
            echo "run_model: the model does not notice that $step is missing" >&2
            exit 1
        fi
    done
}

size='-DREADERS=1 -DLIVES=3 -DCLAIMS=2'
holds frame_lease NO_RETIREMENT NO_SECOND_LOOK DEATH_BY_TICKET NEWEST_IS_SETTLED NO_ARRIVAL \
    CURSOR_AFTER_LEASES LEASES_ARE_NOT_HELD
size="$size -DNEWEST_TOO"
holds frame_lease NO_NEWEST_IS_NOT_NOTED
size='-DREADERS=2 -DLIVES=1'
holds frame_lease
size=
holds reader_ticket LINE_ALONE NO_SECOND_LOOK ANSWER_NOT_LOOKED_AT
holds section_name NO_REMOVER_LOCK NO_LOOK_AT_NAME STATE_BEFORE_LOCK NO_SECOND_LOOK
echo "model: the protocols hold, and the checks notice each missing step"
