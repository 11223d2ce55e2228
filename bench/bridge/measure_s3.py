#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""measure_s3.py PROGRAMS_FOLDER [--mib N] [--rounds N] [--ceph]: how fast a kept payload goes to an
S3 store on this machine and back, beside a plain TCP stream of 1 MiB writes that both sides hash
(XXH3-64). Each round measures all three, one after the other. The store is the small one of the
tests, in Python, or with --ceph (as root) the gateway of Ceph with its objects in memory. Prints the
rounds, the medians as parts of TCP's, and the most memory that a bridge had of its own. Needs
python3-xxhash, and free memory of four times the payload."""
import argparse
import contextlib
import os
import pathlib
import secrets
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests/bridge"))
import ceph_rgw  # noqa: E402
from measure import MIB, tcp  # noqa: E402


@contextlib.contextmanager
def small_store(_folder):
    script = pathlib.Path(__file__).parents[2] / "tests/bridge/s3_store.py"
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as server:
        try:
            yield dict(server.stdout.readline().strip().split("=", 1) for _ in range(5))
        finally:
            server.kill()


@contextlib.contextmanager
def ceph_store(folder):
    with ceph_rgw.Rgw(folder, store_bytes=8 << 30) as store:
        yield store.environment()


def private_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0


def timed(words, environment):
    """The seconds, and the most private memory that was seen, in MiB."""
    began, most = time.monotonic(), 0
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                most = max(most, private_mib(process.pid))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        seconds = time.monotonic() - began
    assert process.returncode == 0, words
    return seconds, most


def main():
    options = argparse.ArgumentParser()
    options.add_argument("programs", type=pathlib.Path)
    options.add_argument("--mib", type=int, default=1024)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--ceph", action="store_true")
    chosen = options.parse_args()
    bridge = chosen.programs / "mapferry-bridge"
    name = "bridge-" + secrets.token_hex(4)
    block = os.urandom(64 * MIB)
    rows, most = {"tcp": [], "put": [], "get": []}, 0
    with tempfile.TemporaryDirectory() as scratch:
        source = pathlib.Path(scratch) / "source.bin"
        with source.open("wb") as out:
            for at in range(0, chosen.mib, 64):
                out.write(block[:min(64, chosen.mib - at) * MIB])
        with (ceph_store if chosen.ceph else small_store)(scratch) as found:
            environment = {**os.environ, **found}
            try:
                subprocess.run([chosen.programs / "mapferry-writer", "-q", "--keep", "--name", name,
                                source], check=True)
                data = memoryview(source.read_bytes())
                source.unlink()
                for index in range(chosen.rounds):
                    url = f"s3://bucket/one-{index}"
                    rows["tcp"].append(tcp(data))
                    for way, words in (("put", ["export", "--name", name, "--to", url]),
                                       ("get", ["import", "--name", name + "-far", "--from", url])):
                        seconds, memory = timed([bridge, *words], environment)
                        rows[way].append(seconds)
                        most = max(most, memory)
                    subprocess.run([chosen.programs / "mapferry", "rm", "-q", name + "-far"],
                                   check=True)
                    subprocess.run([bridge, "rm", "-q", url], env=environment, check=True)
                    rates = {way: len(data) / 1e6 / times[-1] for way, times in rows.items()}
                    print(f"round {index + 1}: " +
                          ", ".join(f"{way} {rate:.0f} MB/s" for way, rate in rates.items()),
                          flush=True)
            finally:
                subprocess.run([chosen.programs / "mapferry", "rm", "-q", name], check=False)
    median = {way: statistics.median(times) for way, times in rows.items()}
    for way in ("put", "get"):
        print(f"{way}: {median['tcp'] / median[way]:.2f} of TCP")
    print(f"private memory of a bridge: at most {most:.0f} MiB")


if __name__ == "__main__":
    main()
