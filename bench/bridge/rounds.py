# SPDX-License-Identifier: Apache-2.0
"""What the measurements of the bridge share: a kept payload goes to an engine and back, beside a
plain TCP stream of 1 MiB writes that both sides hash (XXH3-64). Each round measures all three, one
after the other."""
import argparse
import contextlib
import multiprocessing
import os
import pathlib
import secrets
import socket
import statistics
import subprocess
import tempfile
import threading
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


def processor_s(pid):
    """The processor's time that a process has had until now."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def private_mib(pid):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    return 0


class MemoryWatch(threading.Thread):
    """The most private memory that a process was seen with, in MiB."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.most, self.ended = pid, 0, threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.05):
            self.most = max(self.most, private_mib(self.pid))


def timed(words, environment):
    """The seconds, the processor's seconds, and the most private memory in MiB."""
    began = time.monotonic()
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    watch = MemoryWatch(process.pid)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.ended.set()
    assert process.returncode == 0, words
    return seconds, used.ru_utime + used.ru_stime, watch.most


def parser(about):
    options = argparse.ArgumentParser(description=about)
    options.add_argument("programs", type=pathlib.Path)
    options.add_argument("--mib", type=int, default=1024)
    options.add_argument("--rounds", type=int, default=3)
    return options


@contextlib.contextmanager
def kept_payload(chosen, name):
    """The bytes of the payload, which the section `name` keeps."""
    block = os.urandom(64 * MIB)
    with tempfile.NamedTemporaryFile() as source:
        for at in range(0, chosen.mib, 64):
            source.write(block[:min(64, chosen.mib - at) * MIB])
        source.flush()
        subprocess.run([chosen.programs / "mapferry-writer", "-q", "--keep", "--name", name,
                        source.name], check=True)
        source.seek(0)
        data = memoryview(source.read())
    try:
        yield data
    finally:
        subprocess.run([chosen.programs / "mapferry", "rm", "-q", name], check=False)


def measure(chosen, environment, url, engine=()):
    """Prints the rounds, the medians as parts of TCP's, and what a bridge and the processes
    `engine` needed."""
    environment = {**os.environ, **environment}
    bridge, name = chosen.programs / "mapferry-bridge", "bridge-" + secrets.token_hex(4)
    far = name + "-far"
    rows = {"tcp": [], "put": [], "get": []}
    work, most = {"put": [], "get": []}, 0
    with kept_payload(chosen, name) as data:
        for index in range(chosen.rounds):
            rows["tcp"].append(tcp(data))
            for way, words in (("put", ["export", "--name", name, "--to", url]),
                               ("get", ["import", "--name", far, "--from", url])):
                before = sum(map(processor_s, engine))
                seconds, used, memory = timed([bridge, *words], environment)
                rows[way].append(seconds)
                work[way].append((used, sum(map(processor_s, engine)) - before))
                most = max(most, memory)
            subprocess.run([chosen.programs / "mapferry", "rm", "-q", far], check=True)
            subprocess.run([bridge, "rm", "-q", url], env=environment, check=True)
            print(f"round {index + 1}: " + ", ".join(
                f"{way} {len(data) / 1e6 / times[-1]:.0f} MB/s" for way, times in rows.items()),
                flush=True)
    median = {way: statistics.median(times) for way, times in rows.items()}
    for way in ("put", "get"):
        used = [statistics.median(column) for column in zip(*work[way])]
        print(f"{way}: {median['tcp'] / median[way]:.2f} of TCP; {median[way]:.2f} s, processor: "
              f"bridge {used[0]:.2f} s, engine {used[1]:.2f} s")
    print(f"private memory of a bridge: at most {most:.0f} MiB")
