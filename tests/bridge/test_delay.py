# SPDX-License-Identifier: Apache-2.0
"""Servers that are far away: a relay lets each byte arrive later."""
import pytest

from bridge_programs import MIB, random_bytes
from frame_pipes import Camera, Viewer, publish_until, running
from tcp_relay import Relay

CHUNK = 131072


@pytest.fixture(params=[20, 100])
def relay(request, nats):
    """The way there and back takes 20 or 100 ms."""
    with Relay(nats.port, request.param / 2000) as started:
        yield started


def test_payload_fills_a_long_way(relay, nats_programs):
    data = random_bytes(32 * MIB)
    nats_programs.keep(data)
    assert nats_programs.export(relay.url("kept/one")).code == 0
    assert nats_programs.take_in(relay.url("kept/one")).code == 0
    assert nats_programs.bytes_of(nats_programs.far) == data
    # Whoever waits for the answer to each chunk never has more than one of them on the way.
    assert relay.sent.held_most > 4 * CHUNK
    assert relay.returned.held_most > 4 * CHUNK


def test_payload_fills_a_way_of_half_a_second(nats, nats_programs):
    data = random_bytes(32 * MIB)
    nats_programs.keep(data)
    assert nats_programs.export(nats.url("kept/one")).code == 0
    with Relay(nats.port, 0.25) as relay:
        assert nats_programs.take_in(relay.url("kept/one")).code == 0
        assert relay.returned.held_most > 32 * CHUNK
    assert nats_programs.bytes_of(nats_programs.far) == data


def test_frames_arrive_whole_by_a_long_way(relay, nats_programs):
    size = MIB
    camera = Camera(nats_programs, nats_programs.near, size)
    bridges = [nats_programs.start_export(relay.url("cam")),
               nats_programs.start_import(relay.url("cam"))]
    viewer = Viewer(nats_programs, nats_programs.far, size)
    for number in range(10):
        publish_until(camera, number, (viewer,))
    viewer.check()
    assert all(bridge.poll() is None for bridge in bridges)
    # The parts of a frame are asked for before the first one has come.
    assert relay.returned.held_most > size // 2


def test_frames_pass_a_way_that_is_longer_than_a_frame_lives(nats, nats_programs):
    size = MIB
    camera = Camera(nats_programs, nats_programs.near, size)
    # The server holds four frames, the last 0.13 s; the way there and back takes 0.2 s.
    with Relay(nats.port, 0.1) as far, running(camera, 30):
        bridges = [nats_programs.start_export(nats.url("cam")),
                   nats_programs.start_import(far.url("cam"))]
        viewer = Viewer(nats_programs, nats_programs.far, size)
        viewer.wait_for_more(5)
    viewer.check()
    assert all(bridge.poll() is None for bridge in bridges)
