# SPDX-License-Identifier: Apache-2.0
"""The model of how an object reaches many machines, where the right answer is known."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench/bridge"))
from fan_out_model import MIB, Link, Model, Place, Rates, Topology  # noqa: E402

SIZE = 64 * MIB


def fast(**changed):
    """Links that cost nothing, except the changed ones."""
    return Rates(**{"hub": 1e15, "wan": 1e15, "lan": 1e15, "host": 1e15, "spread_s": 0.0,
                    "wan_delay_s": 0.0, **changed})


def test_one_link_takes_its_bytes_by_its_rate():
    place = Place(Place(), (Link(MIB, 0.0),))
    Model(SIZE).run([place])
    assert place.done_s == pytest.approx(64)


def test_two_machines_share_a_link():
    first, second = sorted(Topology(fast(wan=MIB), 1, 2).run(SIZE, window=16).done())
    assert second == pytest.approx(128)
    assert first == pytest.approx(128 - 16)  # whose first window was before the other's


def test_long_way_is_limited_by_the_window():
    place = Place(Place(), (Link(1e15, 0.5),))
    Model(SIZE, window=16).run([place])
    # Four windows, each there and back, and the last one only there.
    assert place.done_s == pytest.approx(4 * 1.0 - 0.5)


def test_mirror_gives_the_object_when_it_has_it():
    shown = Topology(fast(wan=MIB, host=2 * MIB), 3, 5, mirrors=True).run(SIZE)
    assert shown.done() == pytest.approx([64 + 32] * 15)
    assert shown.hub_link.bytes == 3 * SIZE


def test_without_mirrors_the_hub_sends_to_each_machine():
    shown = Topology(fast(hub=MIB), 3, 5).run(SIZE)
    assert shown.hub_link.bytes == 15 * SIZE
    assert max(shown.done()) == pytest.approx(15 * 64)


def test_regions_take_the_object_from_the_hub_once_each():
    shown = Topology(fast(hub=MIB), 4, 5, mirrors=True, regions=2).run(SIZE)
    assert shown.hub_link.bytes == 2 * SIZE
    # Two by the hub's link, then two by that of each region.
    assert max(shown.done()) == pytest.approx(128 + 128, abs=2)


def test_same_seed_gives_the_same_run():
    runs = [Topology(fast(wan=MIB, spread_s=10), 2, 4, seed=seed).run(SIZE).done()
            for seed in (1, 1, 2)]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]
