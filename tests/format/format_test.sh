#!/bin/sh
# format_test.sh SCENE PROGRAMS_FOLDER PAGE: a reader and a writer that were written from the PAGE
# in another language work together with the programs.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
if ! python3 -c 'import fcntl, sys; fcntl.F_OFD_SETLK; sys.exit(sys.version_info < (3, 9))' \
    2>/dev/null; then
    echo "skipped: there is no Python 3.9 or later" >&2
    exit 125
fi
exec python3 -B "$here/format_test.py" "$@"
