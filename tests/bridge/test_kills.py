# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments of a put and of a get: what was stored is not sent again, and nothing
has the final name before it is whole. A relay counts what is sent."""
import random

import pytest

from bridge_programs import LONG, MIB, random_bytes, wait_until
from tcp_relay import Relay

SIZE = (256 if LONG else 64) * MIB
ROUNDS = 20 if LONG else 3
SEED = 21
WINDOW, CHUNK = 16 * MIB, 131072
# Headers, answers, and the first chunk of a run, which is sent alone.
BESIDE = SIZE // 50 + MIB
STEP = 1.8 / ROUNDS  # all steps together are about the payload


class Moments:
    """Random moments of a transfer of SIZE bytes, by the bytes that the relay has passed."""

    def __init__(self, name):
        self.random = random.Random(f"{SEED} {name}")
        print(f"seed: {SEED} {name}")

    def wait(self, counts, most, process):
        """Waits until between a hundredth and this share of the payload has passed since now, or
        the process has ended."""
        goal = counts.bytes + int(SIZE * self.random.uniform(0.01, most))
        wait_until(lambda: counts.bytes >= goal or process.poll() is not None, "nothing passes")


def stored_bytes(nats):
    """The bytes of the chunks that the server has. It counts the headers too, so it says how many
    chunks there are: all but the last have the same size."""
    info = nats.request("$JS.API.STREAM.INFO.OBJ_kept", {"subjects_filter": "$O.kept.C.>"})
    if "error" in info:
        return 0
    return sum((info["state"].get("subjects") or {}).values()) * CHUNK


def objects(programs, url):
    listed = programs.bridge("ls", "--json", url)
    return listed.events("object") if listed.code == 0 else []


@pytest.fixture
def relay(nats):
    with Relay(nats.port) as started:
        yield started


def test_exporter_that_is_killed_again_and_again(nats, nats_programs, relay):
    data, moments, kills, last = random_bytes(SIZE), Moments("exporter"), 0, None
    nats_programs.keep(data)
    while last is None:
        stored = stored_bytes(nats)
        exporter = nats_programs.start_export(relay.url("kept/one"), "--json")
        if kills < ROUNDS:
            moments.wait(relay.sent, STEP, exporter)
            exporter.kill()
        ended = nats_programs.end(exporter)
        if ended.code == 0:
            last = ended
            continue
        kills += 1
        assert objects(nats_programs, nats.url("kept")) == []
    resumed = last.events("resumed")[0]["bytes"]
    print(f"{kills} kills, {relay.sent.bytes / SIZE:.3f} of the payload sent, resumed at {resumed}")
    assert kills > 0
    assert resumed >= stored - CHUNK
    assert relay.sent.bytes <= SIZE + kills * WINDOW + BESIDE
    assert nats_programs.take_in(nats.url("kept/one")).code == 0
    assert nats_programs.bytes_of(nats_programs.far) == data


def test_importer_that_is_killed_again_and_again(nats, nats_programs, relay):
    data, moments, kills = random_bytes(SIZE), Moments("importer"), 0
    nats_programs.keep(data)
    assert nats_programs.export(nats.url("kept/one")).code == 0
    for _ in range(ROUNDS):
        importer = nats_programs.start_import(relay.url("kept/one"))
        moments.wait(relay.returned, 0.95, importer)
        importer.kill()
        if nats_programs.end(importer).code == 0:
            assert nats_programs.bytes_of(nats_programs.far) == data
            nats_programs.remove(nats_programs.far)
            continue
        kills += 1
        # What a dead importer has left is no payload.
        read = nats_programs.run("mapferry-reader", "-q", "--name", nats_programs.far, "-o", "-",
                                 "--timeout", "0")
        assert read.code != 0, read.code
    print(f"{kills} kills")
    assert kills > 0
    assert nats_programs.take_in(relay.url("kept/one")).code == 0
    assert nats_programs.bytes_of(nats_programs.far) == data


def test_server_that_is_killed_again_and_again(nats, nats_programs, relay):
    data, moments, kills = random_bytes(SIZE), Moments("server"), 0
    nats_programs.keep(data)
    exporter = nats_programs.start_export(relay.url("kept/one"), "--json", "--timeout", "2m")
    for _ in range(ROUNDS):
        moments.wait(relay.sent, STEP, exporter)
        if exporter.poll() is not None:
            break
        nats.kill()
        kills += 1
        nats.start()
        assert objects(nats_programs, nats.url("kept")) == [] or exporter.poll() is not None
    put = nats_programs.end(exporter)
    assert put.code == 0, put
    sent, lost = relay.sent.bytes, len(put.events("lost"))
    print(f"{kills} kills, {lost} seen, {sent / SIZE:.3f} of the payload sent, resumed at "
          f"{[event['bytes'] for event in put.events('resumed')]}")
    assert kills > 0
    importer = nats_programs.start_import(relay.url("kept/one"), "--json", "--timeout", "2m")
    for _ in range(ROUNDS):
        moments.wait(relay.returned, STEP, importer)
        if importer.poll() is not None:
            break
        nats.kill()
        nats.start()
    got = nats_programs.end(importer)
    assert got.code == 0, got
    assert nats_programs.bytes_of(nats_programs.far) == data
    # A server that is killed may lose what it had confirmed: that is sent again.
    assert sent <= SIZE + kills * WINDOW + BESIDE
