# SPDX-License-Identifier: Apache-2.0
"""The model of how an object reaches many machines, beside 50 machines in 5 sites. The networks are
so slow that they alone decide, and not the processors of this machine."""
import contextlib
import pathlib
import statistics
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench/bridge"))
from bridge_programs import LONG, MIB, Programs, random_bytes, wait_until  # noqa: E402
from fan_out_model import Rates, Topology  # noqa: E402
from net_leaves import leaves_of, mirror, start_hub, url_of_site  # noqa: E402
from net_sites import Sites  # noqa: E402

pytestmark = pytest.mark.skipif(not LONG, reason="takes two minutes: ./run test-bridge --netns")
SITES, HOSTS = 5, 10
SIZE = 8 * MIB
# Long enough for an import to have found how much it may ask for at once.
PROBES = {"probe/half": SIZE // 4, "probe/whole": SIZE // 2}
WAN_MBIT, HOST_MBIT = 20, 10


class Rig:
    """The machines, the hub with its object, and what the test measures."""

    def __init__(self, folder, stack):
        self.sites, self.folder = Sites(SITES, HOSTS), folder
        self.server = stack.enter_context(start_hub(folder))
        self.hub = stack.enter_context(Programs({}, folder))
        self.machines = {place: stack.enter_context(self.sites.programs(folder, *place))
                         for place in self.sites.machines()}
        for site in self.sites.sites:
            stack.enter_context(self.sites.rate(site, WAN_MBIT))
            for host in self.sites.hosts:
                stack.enter_context(self.sites.rate_of_host(site, host, HOST_MBIT))

    def store(self, path, size):
        name = self.hub.new_section()
        self.hub.keep(random_bytes(size), name=name)
        assert self.hub.export(self.server.url(path), "--insecure", name=name).code == 0

    def passed(self):
        """The bytes that passed to the sites: behind the limits, which drop what is too fast."""
        return sum(self.sites.counted_bytes(f"site{site}") for site in self.sites.sites)

    def import_at(self, places, url_of, path, leaves=None):
        """Imports at these machines at once, while the leaves, if any, begin to mirror. Returns the
        seconds that each of them took, and the bytes that passed to the sites."""
        before, began = self.passed(), time.monotonic()
        for site, leaf in (leaves or {}).items():
            mirror(leaf, site, "models")
        running = {place: self.machines[place].start_import(url_of(place[0], path), "--insecure",
                                                            "--timeout", "2m")
                   for place in places}
        done = {}

        def look():
            for place, process in running.items():
                if place not in done and process.poll() is not None:
                    done[place] = time.monotonic() - began
            return len(done) == len(places)
        wait_until(look, "an import does not end")
        for place, process in running.items():
            programs = self.machines[place]
            ended = programs.end(process)
            assert ended.code == 0, ended
            programs.remove(programs.far)
        return list(done.values()), self.passed() - before

    def url_of_hub(self, _site, path):
        return self.server.url(path)

    def rate_at(self, places):
        """The bytes a second that imports at these machines have together, and the seconds that
        they take beside them, by two objects of different sizes."""
        took = {}
        for path, size in PROBES.items():
            seconds, _ = self.import_at(places, self.url_of_hub, path)
            took[path] = max(seconds)
        half_s, whole_s = took["probe/half"], took["probe/whole"]
        return len(places) * PROBES["probe/half"] / (whole_s - half_s), max(0, 2 * half_s - whole_s)


def test_model_says_what_fifty_machines_do(tmp_path):
    with contextlib.ExitStack() as stack:
        rig = Rig(tmp_path, stack)
        for path, size in {"models/large": SIZE, **PROBES}.items():
            rig.store(path, size)
        # Of one machine's link, and of the link to a site that ten machines share.
        host_rate, beside_s = rig.rate_at([(1, 1)])
        shared_rate, _ = rig.rate_at([(1, host) for host in rig.sites.hosts])
        direct = rig.import_at(rig.sites.machines(), rig.url_of_hub, "models/large")
        with leaves_of(rig.sites, tmp_path) as leaves:
            mirrored = rig.import_at(rig.sites.machines(), url_of_site, "models/large", leaves)
    alone_rate = host_rate * WAN_MBIT / HOST_MBIT
    print(f"a machine {host_rate / 1e6:.2f} MB/s, a site {shared_rate / 1e6:.2f}, "
          f"{beside_s:.2f} s beside")
    for name, (seconds, sent), mirrors in (("direct", direct, False), ("mirrors", mirrored, True)):
        rates = Rates(hub=1e15, wan=alone_rate if mirrors else shared_rate, lan=1e15,
                      host=host_rate, spread_s=0, wan_delay_s=0)
        shown = Topology(rates, SITES, HOSTS, mirrors=mirrors).run(SIZE, chunk=131072)
        last = max(shown.done()) + beside_s
        print(f"{name}: measured {max(seconds):.2f} s, half {statistics.median(seconds):.2f}; "
              f"model {last:.2f}; sites {sent / SIZE:.3f} objects, model "
              f"{shown.hub_link.bytes / SIZE:.0f}")
        # The heads of packets are a twentieth of a full link.
        assert shown.hub_link.bytes <= sent <= 1.1 * shown.hub_link.bytes
        # The links decide, so this is a statement about bytes and not about this machine's speed.
        assert max(seconds) == pytest.approx(last, rel=0.15)
