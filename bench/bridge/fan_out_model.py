#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fan_out_model.py [--sites N] [--hosts N] [--gib N] [--seed N]: how long it takes until every
machine of many sites has an object, and how many bytes the hub sends, by a model: a file is a queue
of chunks, and a link is a queue of the chunks that pass it, one after the other. A place that keeps
the object (the hub, a mirror) gives it to others when it has all of it, as the bridge's import
waits for the whole object. Prints a row for each topology. test_net_model.py compares the model
with a run of 50 machines."""
import argparse
import heapq
import itertools
import random
import statistics

MIB = 1 << 20
GBIT = 1e9 / 8  # bytes a second


class Link:
    """Passes one chunk after the other. `rate`: bytes a second; `delay_s`: from end to end."""

    def __init__(self, rate, delay_s=0.0):
        self.rate, self.delay_s = rate, delay_s
        self.free_at, self.bytes = 0.0, 0

    def pass_on(self, now, size):
        """When the last byte is at the other end."""
        self.free_at = max(now, self.free_at) + size / self.rate
        self.bytes += size
        return self.free_at + self.delay_s


class Place:
    """What has the object, or wants it: the hub, a mirror, a machine. `links`: the way from
    `source`, in order. `start_s`: when it asks for the object."""

    def __init__(self, source=None, links=(), start_s=0.0):
        self.source, self.links, self.start_s = source, links, start_s
        self.done_s = 0.0 if source is None else None
        self.asked = self.had = 0
        self.waiting = []


class Model:
    """`window`: chunks of one file that are on their way to one place at once."""

    def __init__(self, size, chunk=MIB, window=16):
        self.chunks = [min(chunk, size - at) for at in range(0, size, chunk)]
        self.window = window
        self.events, self.order = [], itertools.count()

    def at(self, when, call, *what):
        heapq.heappush(self.events, (when, next(self.order), call, what))

    def run(self, places):
        for place in places:
            if place.source is not None:
                self.at(place.start_s, self.begin, place)
        while self.events:
            now, _, call, what = heapq.heappop(self.events)
            call(now, *what)

    def begin(self, now, place):
        if place.source.done_s is None:
            place.source.waiting.append(place)
            return
        for _ in range(min(self.window, len(self.chunks))):
            self.ask(now, place)

    def ask(self, now, place):
        size = self.chunks[place.asked]
        place.asked += 1
        self.hop(now, place, size, 0)

    def hop(self, now, place, size, index):
        """A chunk is at the beginning of a link, or at the end of all."""
        if index < len(place.links):
            self.at(place.links[index].pass_on(now, size), self.hop, place, size, index + 1)
            return
        place.had += 1
        if place.asked < len(self.chunks):
            back_s = sum(link.delay_s for link in place.links)
            self.at(now + back_s, self.ask, place)
        elif place.had == len(self.chunks):
            place.done_s = now
            for next_place in place.waiting:
                self.begin(now, next_place)
            place.waiting = []


class Rates:
    """Bytes a second: of the hub's own link, of the way to a site, of a site's own server, and of a
    machine; and the seconds within which the machines ask."""

    def __init__(self, hub, wan, lan, host, spread_s=1.0, wan_delay_s=0.01):
        self.hub, self.wan, self.lan, self.host = hub, wan, lan, host
        self.spread_s, self.wan_delay_s = spread_s, wan_delay_s


class Topology:
    """`mirrors`: each site has a server that mirrors. `regions`: so many servers stand between the
    hub and the sites' (0: none)."""

    def __init__(self, rates, sites, hosts, mirrors=False, regions=0, seed=1):
        starts = random.Random(seed)
        hub, self.hub_link = Place(), Link(rates.hub)
        self.places, self.machines = [hub], []
        # Whom the servers of the sites, or their machines, ask: a place and its own link.
        sources = [(self.add(hub, (self.hub_link, Link(rates.wan * 10, rates.wan_delay_s))),
                    Link(rates.hub)) for _ in range(regions)] or [(hub, self.hub_link)]
        for site in range(sites):
            source, own_link = sources[site % len(sources)]
            way = (own_link, Link(rates.wan, rates.wan_delay_s))
            if mirrors:
                source, way = self.add(source, way), (Link(rates.lan),)
            for _ in range(hosts):
                self.machines.append(self.add(source, (*way, Link(rates.host)),
                                              starts.uniform(0, rates.spread_s)))

    def add(self, *what):
        self.places.append(Place(*what))
        return self.places[-1]

    def run(self, size, chunk=MIB, window=16):
        Model(size, chunk, window).run(self.places)
        return self

    def done(self):
        """When each machine had all."""
        return [machine.done_s for machine in self.machines]


DOLLARS_A_GB = 0.09  # out of a cloud's region, a usual price


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--sites", type=int, default=100)
    options.add_argument("--hosts", type=int, default=50, help="of each site")
    options.add_argument("--gib", type=float, default=10)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    rates = Rates(hub=25 * GBIT, wan=GBIT, lan=10 * GBIT, host=10 * GBIT)
    size = int(chosen.gib * 1024) * MIB
    print(f"{chosen.sites} sites x {chosen.hosts} machines, {chosen.gib:g} GiB, seed "
          f"{chosen.seed}; "
          f"hub 25 Gbit/s, to a site 1, in a site 10")
    print(f"{'topology':32} {'half':>9} {'last':>9} {'hub sends':>11} {'price':>9}")
    for name, shape in (("one server", {}), ("a mirror in each site", {"mirrors": True}),
                        ("mirrors, and 10 regions", {"mirrors": True, "regions": 10})):
        shown = Topology(rates, chosen.sites, chosen.hosts, seed=chosen.seed, **shape)
        done = shown.run(size, chunk=128 * MIB, window=2).done()
        sent = shown.hub_link.bytes
        print(f"{name:32} {statistics.median(done) / 60:6.1f} min {max(done) / 60:5.1f} min "
              f"{sent / 1e12:8.2f} TB {sent / 1e9 * DOLLARS_A_GB:8.0f} $")


if __name__ == "__main__":
    main()
