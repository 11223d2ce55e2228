#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""measure.py PROGRAMS_FOLDER [--mib N] [--rounds N]: how fast a kept payload goes to a server of
NATS on this machine and back, beside a plain TCP stream of 1 MiB writes that both sides hash
(XXH3-64). Each round measures all three, one after the other. Prints the rounds, and the medians
as parts of TCP's. Needs nats-server, python3-xxhash, and free memory of three times the payload."""
import argparse
import multiprocessing
import os
import pathlib
import secrets
import signal
import socket
import statistics
import subprocess
import tempfile
import time

import xxhash

MIB = 1 << 20


def receive(listener, size, result):
    connection, _ = listener.accept()
    buffer = bytearray(MIB)
    digest = xxhash.xxh3_64()
    left = size
    while left:
        got = connection.recv_into(buffer)
        if got == 0:
            break
        digest.update(memoryview(buffer)[:got])
        left -= got
    connection.sendall(digest.digest())
    result.put(left)


def tcp(data):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        result = multiprocessing.Queue()
        peer = multiprocessing.Process(target=receive, args=(listener, len(data), result))
        peer.start()
        with socket.create_connection(listener.getsockname()) as out:
            began = time.monotonic()
            digest = xxhash.xxh3_64()
            for at in range(0, len(data), MIB):
                part = data[at:at + MIB]
                digest.update(part)
                out.sendall(part)
            same = out.recv(8) == digest.digest()
            seconds = time.monotonic() - began
        peer.join()
        assert same and result.get() == 0, "other bytes"
        return seconds


def timed(words):
    began = time.monotonic()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def start_server(folder):
    config = folder / "server.conf"
    config.write_text(f'listen: "127.0.0.1:-1"\nports_file_dir: "{folder}"\n'
                      f'jetstream {{ store_dir: "{folder}/data", max_file: 8GB }}\n')
    server = subprocess.Popen(["nats-server", "-c", config], stderr=subprocess.DEVNULL)
    for _ in range(100):
        time.sleep(0.1)
        for ports in folder.glob("*.ports"):
            text = ports.read_text()
            if "nats://" in text:
                return server, text.split("nats://", 1)[1].split('"', 1)[0]
    server.kill()
    raise SystemExit("nats-server did not start")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("programs", type=pathlib.Path)
    options.add_argument("--mib", type=int, default=1024)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    bridge = chosen.programs / "mapferry-bridge"
    name = "bridge-" + secrets.token_hex(4)
    block = os.urandom(64 * MIB)
    rows = {"tcp": [], "put": [], "get": []}
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        source = folder / "source.bin"
        with source.open("wb") as out:
            for at in range(0, chosen.mib, 64):
                out.write(block[:min(64, chosen.mib - at) * MIB])
        server, address = start_server(folder)
        try:
            subprocess.run([chosen.programs / "mapferry-writer", "-q", "--keep", "--name", name,
                            source], check=True)
            data = memoryview(source.read_bytes())
            source.unlink()
            for index in range(chosen.rounds):
                url = f"nats://{address}/bench/one"
                rows["tcp"].append(tcp(data))
                rows["put"].append(timed([bridge, "export", "--name", name, "--to", url]))
                rows["get"].append(timed([bridge, "import", "--name", name + "-far",
                                          "--from", url]))
                subprocess.run([chosen.programs / "mapferry", "rm", "-q", name + "-far"],
                               check=True)
                subprocess.run([bridge, "rm", "-q", url], check=True)
                rates = {way: len(data) / 1e6 / times[-1] for way, times in rows.items()}
                print(f"round {index + 1}: " +
                      ", ".join(f"{way} {rate:.0f} MB/s" for way, rate in rates.items()),
                      flush=True)
        finally:
            subprocess.run([chosen.programs / "mapferry", "rm", "-q", name], check=False)
            server.send_signal(signal.SIGKILL)
            server.wait()
    median = {way: statistics.median(times) for way, times in rows.items()}
    for way in ("put", "get"):
        print(f"{way}: {median['tcp'] / median[way]:.2f} of TCP")


if __name__ == "__main__":
    main()
