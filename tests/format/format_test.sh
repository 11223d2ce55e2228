#!/bin/sh
# format_test.sh SCENE PROGRAMS_FOLDER PAGE: a reader and a writer that were written from the PAGE
# in another language meet the programs. PROGRAMS_FOLDER is - where those are not Linux's.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
if [ "$2" = - ]; then
    echo "skipped: the reader uses Linux's locks, and these programs run under Wine" >&2
    exit 125
fi
if ! python3 -c 'import fcntl, sys; fcntl.F_OFD_SETLK; sys.exit(sys.version_info < (3, 9))' \
    2>/dev/null; then
    echo "skipped: there is no Python 3.9 or later" >&2
    exit 125
fi
exec python3 -B "$here/format_test.py" "$@"
