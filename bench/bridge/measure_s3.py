#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""measure_s3.py PROGRAMS_FOLDER [--mib N] [--rounds N] [--ceph]: how fast a kept payload goes to an
S3 store on this machine and back, beside TCP: see rounds.py. The store is the small one of the
tests, in Python, or with --ceph (as root) the gateway of Ceph with its objects in memory. Needs
python3-xxhash, and free memory of four times the payload."""
import contextlib
import pathlib
import subprocess
import sys
import tempfile

import rounds

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests/bridge"))
import ceph_rgw  # noqa: E402


@contextlib.contextmanager
def small_store(_folder):
    """The environment of its clients, and its processes."""
    script = pathlib.Path(__file__).parents[2] / "tests/bridge/s3_store.py"
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as server:
        try:
            yield dict(server.stdout.readline().strip().split("=", 1) for _ in range(5)), \
                [server.pid]
        finally:
            server.kill()


@contextlib.contextmanager
def ceph_store(folder):
    with ceph_rgw.Rgw(folder, store_bytes=8 << 30) as store:
        yield store.environment(), [process.pid for process in store.processes]


def main():
    options = rounds.parser(__doc__)
    options.add_argument("--ceph", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch, \
            (ceph_store if chosen.ceph else small_store)(scratch) as (environment, processes):
        rounds.measure(chosen, environment, "s3://bucket/one", processes)


if __name__ == "__main__":
    main()
