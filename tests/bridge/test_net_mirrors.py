# SPDX-License-Identifier: Apache-2.0
"""Kept payloads to many machines, by way of a server in each site that mirrors the bucket."""
import contextlib

import pytest

from bridge_programs import LONG, MIB, Programs, random_bytes
from net_leaves import leaves_of, mirror, start_hub, url_of_site
from net_sites import Sites

SITES, HOSTS = 5, 10
SIZE = (32 if LONG else 4) * MIB
LAG = 12 * MIB  # more than a server sends to a mirror without an answer


@pytest.fixture(scope="module")
def sites():
    return Sites(SITES, HOSTS)


@pytest.fixture
def hub(tmp_path):
    with Programs({}, tmp_path) as made:
        yield made


@pytest.fixture
def server(sites, tmp_path):
    with start_hub(tmp_path) as started:
        yield started


@pytest.fixture
def leaves(sites, tmp_path, server):
    with leaves_of(sites, tmp_path) as started:
        yield started


def test_object_leaves_the_hub_once_for_each_site(sites, server, leaves, hub, tmp_path):
    data = random_bytes(SIZE)
    hub.keep(data)
    assert hub.export(server.url("models/one"), "--insecure").code == 0
    before = sites.counted_bytes()
    for site, leaf in leaves.items():
        mirror(leaf, site, "models")
    with contextlib.ExitStack() as machines:
        running = []
        for site, host in sites.machines():
            programs = machines.enter_context(sites.programs(tmp_path, site, host))
            url = url_of_site(site, "models/one")
            running.append((programs, programs.start_import(url, "--insecure", "--timeout", "2m")))
        for programs, bridge in running:
            ended = programs.end(bridge)
            assert ended.code == 0, ended
            assert programs.bytes_of(programs.far) == data
            programs.remove(programs.far)
    left = sites.counted_bytes() - before
    print(f"the hub sent {left / len(data):.3f} times the object for {len(running)} machines")
    assert left <= 1.05 * SITES * len(data)


def test_mirror_that_is_cut_off_catches_up(sites, server, leaves, hub, tmp_path):
    hub.keep(random_bytes(MIB))
    assert hub.export(server.url("models/one"), "--insecure").code == 0
    mirror(leaves[1], 1, "models")
    second = random_bytes(LAG, seed=2)
    hub.keep(second, name=hub.far)
    with sites.cut(1):
        assert hub.export(server.url("models/two"), "--insecure", name=hub.far).code == 0
    with sites.programs(tmp_path, 1, 1) as programs:
        taken = programs.take_in(url_of_site(1, "models/two"), "--insecure", "--timeout", "2m")
        assert taken.code == 0, taken
        assert programs.bytes_of(programs.far) == second
