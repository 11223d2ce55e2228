# SPDX-License-Identifier: Apache-2.0
"""What the tests of the bridge in Python share: programs, sections of this run, and payloads."""
import json
import os
import pathlib
import random
import select
import subprocess
import time

PROGRAMS = pathlib.Path(os.environ.get("MAPFERRY_PROGRAMS", "build/dev/bin"))
WATCHDOG_S = 120
# Whether tests run in their long form: ./run test-bridge --full
LONG = bool(os.environ.get("MAPFERRY_LONG_TESTS"))
MIB = 1 << 20
PART = 16 * MIB

USAGE, CORRUPT, NOT_FOUND, GONE, EXISTS, IO, TIMED_OUT, DENIED = 64, 65, 66, 69, 73, 74, 75, 77


def random_bytes(count, seed=1):
    source = random.Random(seed)  # it gives less than 256 MiB at once
    return b"".join(source.randbytes(min(64 * MIB, count - at)) for at in range(0, count, 64 * MIB))


def wait_until(holds, what):
    end = time.monotonic() + WATCHDOG_S
    while not holds():
        assert time.monotonic() < end, f"watchdog: {what}"
        time.sleep(0.02)  # between two looks


class Ended:
    """A program that has ended."""

    def __init__(self, code, output, errors):
        self.code, self.output, self.errors = code, output, errors

    def events(self, kind):
        events = [json.loads(line) for line in self.output.decode().splitlines()]
        return [event for event in events if event["event"] == kind]

    def __repr__(self):
        return f"code {self.code}\n{self.output[-2000:]}\n{self.errors.decode()[-2000:]}"


class Programs:
    """The programs, with a store's environment. Everything is gone after close(). `where`: words
    before each program, such as those that run it in a network namespace."""

    names = 0

    def __init__(self, environment, folder, where=()):
        self.folder, self.where = folder, where
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}
        self.sections, self.running, self.read = set(), [], {}
        self.near, self.far = self.new_section(), self.new_section()

    def new_section(self):
        Programs.names += 1
        name = f"bridge-test-{os.getpid()}-{Programs.names}"
        self.sections.add(name)
        return name

    def start(self, program, *words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE):
        process = subprocess.Popen([*self.where, PROGRAMS / program, *words], env=self.environment,
                                   stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)
        self.running.append(process)
        return process

    def wait_for_event(self, process, kind):
        """Reads what the process prints until it has reported this."""
        mark = f'"event":"{kind}"'.encode()
        printed = self.read.setdefault(process, bytearray())
        while mark not in printed:
            ready, _, _ = select.select([process.stdout], [], [], WATCHDOG_S)
            block = os.read(process.stdout.fileno(), 65536) if ready else b""
            assert block, f"no event {kind}: {bytes(printed)}"
            printed += block

    def end(self, process):
        before = bytes(self.read.pop(process, b""))
        try:
            output, errors = process.communicate(timeout=WATCHDOG_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"watchdog: {process.args}\n{process.communicate()}") from None
        finally:
            self.running.remove(process)
        return Ended(process.returncode, before + (output or b""), errors)

    def run(self, program, *words):
        return self.end(self.start(program, *words))

    def bridge(self, *words):
        return self.run("mapferry-bridge", *words)

    def export_words(self, url, *words, name=None):
        return ("export", "--name", name or self.near, "--to", url, *words)

    def import_words(self, url, *words, name=None):
        return ("import", "--name", name or self.far, "--from", url, *words)

    def start_export(self, url, *words):
        return self.start("mapferry-bridge", *self.export_words(url, *words))

    def start_import(self, url, *words):
        return self.start("mapferry-bridge", *self.import_words(url, *words))

    def export(self, url, *words, name=None):
        return self.bridge(*self.export_words(url, *words, name=name))

    def take_in(self, url, *words, name=None):
        return self.bridge(*self.import_words(url, *words, name=name))

    def keep(self, data, *words, name=None, file="payload.bin"):
        path = self.folder / file
        path.write_bytes(data)
        kept = self.run("mapferry-writer", "-q", "--keep", "--name", name or self.near, *words,
                        str(path))
        assert kept.code == 0, kept
        path.unlink()

    def bytes_of(self, name):
        read = self.run("mapferry-reader", "-q", "--name", name, "-o", "-", "--timeout", "0")
        assert read.code == 0, read
        return read.output

    def exists(self, name):
        return self.run("mapferry", "info", "--json", name).code == 0

    def remove(self, name):
        self.run("mapferry", "rm", "--force", name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for process in list(self.running):
            process.kill()
            self.end(process)
        for name in self.sections:
            if self.exists(name):
                self.remove(name)
