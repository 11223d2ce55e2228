#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""measure.py PROGRAMS_FOLDER [--mib N] [--rounds N] [--memory]: how fast a kept payload goes to a
server of NATS on this machine and back, beside TCP: see rounds.py. --memory: the server keeps its
files in memory. Needs nats-server, python3-xxhash, and free memory of three times the payload."""
import contextlib
import pathlib
import signal
import subprocess
import tempfile
import time

import rounds


@contextlib.contextmanager
def nats_server(folder):
    """The process and its address."""
    config = folder / "server.conf"
    config.write_text(f'listen: "127.0.0.1:-1"\nports_file_dir: "{folder}"\n'
                      f'jetstream {{ store_dir: "{folder}/data", max_file: 8GB }}\n')
    with subprocess.Popen(["nats-server", "-c", config], stderr=subprocess.DEVNULL) as server:
        try:
            yield server.pid, address_of(folder)
        finally:
            server.send_signal(signal.SIGKILL)


def address_of(folder):
    for _ in range(100):
        time.sleep(0.1)
        for ports in folder.glob("*.ports"):
            text = ports.read_text()
            if "nats://" in text:
                return text.split("nats://", 1)[1].split('"', 1)[0]
    raise SystemExit("nats-server did not start")


def main():
    options = rounds.parser(__doc__)
    options.add_argument("--memory", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if chosen.memory else None) as scratch, \
            nats_server(pathlib.Path(scratch)) as (pid, address):
        rounds.measure(chosen, {}, f"nats://{address}/bench/one", [pid])


if __name__ == "__main__":
    main()
