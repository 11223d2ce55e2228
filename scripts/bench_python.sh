#!/bin/sh
# bench_python.sh [OPTION...]: the Python benchmark, with the library of the preset release and the
# first Python that has numpy. Prints a table in Markdown. --help tells the OPTIONs.
set -eu
cd "$(dirname "$0")/.."

for python in "${PYTHON:-python3}" /usr/bin/python3; do
    if "$python" -c 'import numpy' 2>/dev/null; then break; fi
done
MAPFERRY_LIBRARY=$PWD/build/release/capi/libmapferry.so.0 PYTHONPATH=$PWD/python \
    PYTHONDONTWRITEBYTECODE=1 exec "$python" bench/python/bench_python.py "$@"
