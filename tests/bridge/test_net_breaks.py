# SPDX-License-Identifier: Apache-2.0
"""Kept payloads over networks that are cut, that lose packets, and that pass only one way."""
import time

import pytest

from bridge_programs import GONE, LONG, MIB, random_bytes, wait_until
from nats_server import NatsServer
from net_sites import HUB, Sites

FAR = 1  # the site whose network is bad
NEAR = 2
SIZE = 12 * MIB
LONG_ONLY = pytest.mark.skipif(not LONG, reason="takes long: ./run test-bridge --netns")
SLOW = 40  # Mbit/s: these bytes take two seconds and a half


@pytest.fixture(scope="module")
def sites():
    return Sites(2, 1)


@pytest.fixture
def server(sites, tmp_path):
    with NatsServer(tmp_path / "nats", host=HUB) as started:
        yield started


@pytest.fixture
def near(sites, tmp_path):
    with sites.programs(tmp_path, NEAR, 1) as made:
        yield made


@pytest.fixture
def far(sites, tmp_path):
    with sites.programs(tmp_path, FAR, 1) as made:
        yield made


def start(kind, programs, server, *words):
    """An export from the far site, or an import there."""
    words = (server.url("kept/one"), "--insecure", "--json", *words)
    return programs.start_export(*words) if kind == "export" else programs.start_import(*words)


def prepare(kind, near, far, server):
    """Puts the payload where it comes from. Returns its bytes."""
    data = random_bytes(SIZE)
    source = far if kind == "export" else near
    source.keep(data)
    if kind == "import":
        assert near.export(server.url("kept/one"), "--insecure").code == 0
    return data


def check(kind, data, near, far, server):
    """Whether the payload is whole where it went to."""
    if kind == "export":
        assert near.take_in(server.url("kept/one"), "--insecure").code == 0
    end = near if kind == "export" else far
    assert end.bytes_of(end.far) == data


def wait_for_middle(sites):
    def passed():
        return sum(sites.counted_bytes(f"site{FAR}", way) for way in ("tx", "rx"))
    begin = passed()
    wait_until(lambda: passed() > begin + SIZE // 4, "nothing passes")


@pytest.mark.parametrize("kind", ["export", pytest.param("import", marks=LONG_ONLY)])
def test_cut_of_four_seconds_is_survived(kind, sites, server, near, far):
    data = prepare(kind, near, far, server)
    with sites.rate(FAR, SLOW):
        bridge = start(kind, far, server)
        wait_for_middle(sites)
        with sites.cut(FAR):
            time.sleep(4)  # the cut itself
        ended = far.end(bridge)
    assert ended.code == 0, ended
    check(kind, data, near, far, server)


@pytest.mark.parametrize("kind", ["export", pytest.param("import", marks=LONG_ONLY)])
def test_cut_beyond_the_timeout_ends_the_bridge_and_the_next_one_ends_the_work(
        kind, sites, server, near, far):
    data = prepare(kind, near, far, server)
    with sites.rate(FAR, SLOW):
        bridge = start(kind, far, server, "--timeout", "3s")
        wait_for_middle(sites)
        with sites.cut(FAR):
            ended = far.end(bridge)
    assert ended.code == GONE, ended
    assert ended.events("lost")
    again = far.end(start(kind, far, server))
    assert again.code == 0, again
    if kind == "export":
        assert again.events("resumed")[0]["bytes"] > MIB
    check(kind, data, near, far, server)


@LONG_ONLY
@pytest.mark.parametrize("kind", ["export", "import"])
def test_cut_of_forty_seconds_ends_one_bridge_and_not_the_patient_one(kind, sites, server, near,
                                                                       far):
    data = prepare(kind, near, far, server)
    other = far.new_section()
    if kind == "export":
        far.keep(random_bytes(SIZE, seed=2), name=other)
        words = far.export_words(server.url("kept/two"), "--insecure", name=other)
    else:
        words = far.import_words(server.url("kept/one"), "--insecure", name=other)
    with sites.rate(FAR, SLOW):
        patient = start(kind, far, server, "--timeout", "2m")
        hasty = far.start("mapferry-bridge", *words)
        wait_for_middle(sites)
        with sites.cut(FAR):
            time.sleep(40)  # the cut itself
        assert far.end(hasty).code == GONE
        ended = far.end(patient)
    assert ended.code == 0, ended
    assert ended.events("lost") and ended.events("connected")[-1]["again"]
    check(kind, data, near, far, server)


@pytest.mark.parametrize(("kind", "way"), [
    ("export", "out"), ("import", "in"), pytest.param("export", "in", marks=LONG_ONLY),
    pytest.param("import", "out", marks=LONG_ONLY)])
def test_network_that_passes_only_one_way_is_lost_and_comes_back(kind, way, sites, server, near,
                                                                 far):
    data = prepare(kind, near, far, server)
    with sites.rate(FAR, SLOW):
        bridge = start(kind, far, server, "--timeout", "2m")
        wait_for_middle(sites)
        with sites.loss(FAR, 100, ways=(way,)):
            far.wait_for_event(bridge, "lost")
        ended = far.end(bridge)
    assert ended.code == 0, ended
    assert ended.events("connected")[-1]["again"]
    check(kind, data, near, far, server)


@pytest.mark.parametrize("percent", [1, 5])
@pytest.mark.parametrize("kind", ["export", "import"])
def test_lost_packets_are_sent_again(kind, percent, sites, server, near, far):
    data = prepare(kind, near, far, server)
    with sites.loss(FAR, percent):
        ended = far.end(start(kind, far, server, "--timeout", "2m"))
    assert ended.code == 0, ended
    check(kind, data, near, far, server)
