# SPDX-License-Identifier: Apache-2.0
"""Machines in several sites, made of network namespaces:

    here, the hub: bridge "wan" 10.9.0.1 ---- site1: "wan" 10.9.0.11, bridge "lan" 10.21.0.1
                                     |                  +-- site1-host1: "eth0" 10.21.0.11
                                     |                  +-- site1-host2: "eth0" 10.21.0.12
                                     +------- site2: "wan" 10.9.0.12, ...

A site is a router, and the place of the site's own server. net_world.py makes the world that all of
this lies in, and that takes it away."""
import contextlib
import json
import subprocess

from bridge_programs import Programs

HUB = "10.9.0.1"


def call(*words, text=None):
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (words, text, done.stderr)
    return done.stdout


def words_in(namespace):
    """Words before a program that run it there."""
    return ("nsenter", f"--net=/run/netns/{namespace}", "--")


@contextlib.contextmanager
def limited(*devices, mbit):
    """What goes out of these devices has this rate. A device: its name, behind -n NAMESPACE."""
    def qdisc(device, *words):
        call("tc", *device[:-1], "qdisc", words[0], "dev", device[-1], "root", *words[1:])

    for device in devices:
        qdisc(device, "add", "tbf", "rate", f"{mbit}mbit", "burst", "256k", "latency", "50ms")
    try:
        yield
    finally:
        for device in devices:
            qdisc(device, "del")


class Sites:
    def __init__(self, sites, hosts):
        self.sites, self.hosts = range(1, sites + 1), range(1, hosts + 1)
        self.batch(["link add wan type bridge", "link set wan up", f"addr add {HUB}/24 dev wan"])
        for site in self.sites:
            self.make_site(site)

    def make_site(self, site):
        name, machines = f"site{site}", [self.machine(site, host) for host in self.hosts]
        made = [f"netns add {space}" for space in (name, *machines)]
        made += [f"link add {name} type veth peer name wan netns {name}",
                 f"link set {name} master wan up"]
        router = ["link set lo up", "link add lan type bridge", "link set lan up",
                  "link set wan up", f"addr add {self.wan(site)}/24 dev wan",
                  f"addr add {self.lan(site)}/24 dev lan"]
        for host, machine in zip(self.hosts, machines):
            router += [f"link add host{host} type veth peer name eth0 netns {machine}",
                       f"link set host{host} master lan up"]
        self.batch(made)
        self.batch(router, name)
        self.batch([f"route add 10.2{site}.0.0/24 via {self.wan(site)}"])
        call(*words_in(name), "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")
        for host, machine in zip(self.hosts, machines):
            self.batch(["link set lo up", "link set eth0 up",
                        f"addr add 10.2{site}.0.{10 + host}/24 dev eth0",
                        f"route add default via {self.lan(site)}"], machine)

    @staticmethod
    def batch(lines, namespace=None):
        where = ["-n", namespace] if namespace else []
        call("ip", *where, "-batch", "-", text="\n".join(lines) + "\n")

    @staticmethod
    def wan(site):
        return f"10.9.0.{10 + site}"

    @staticmethod
    def lan(site):
        return f"10.2{site}.0.1"

    @staticmethod
    def machine(site, host):
        return f"site{site}-host{host}"

    def machines(self):
        return [(site, host) for site in self.sites for host in self.hosts]

    def programs(self, folder, site, host):
        return Programs({}, folder, words_in(self.machine(site, host)))

    @staticmethod
    def counted_bytes(device="wan", way="tx"):
        """What this device of the hub has sent ("tx") or received ("rx"): "wan" to all sites
        together, "site1" to this one."""
        shown = json.loads(call("ip", "-j", "-s", "link", "show", device))[0]
        return shown["stats64"][way]["bytes"]

    @staticmethod
    @contextlib.contextmanager
    def cut(site):
        """Nothing comes from this site or reaches it."""
        call("ip", "link", "set", f"site{site}", "down")
        try:
            yield
        finally:
            call("ip", "link", "set", f"site{site}", "up")

    @staticmethod
    def rate(site, mbit):
        """So many Mbit/s to this site, and so many from it."""
        return limited(("-n", f"site{site}", "wan"), (f"site{site}",), mbit=mbit)

    @staticmethod
    def rate_of_host(site, host, mbit):
        """So many Mbit/s to this machine."""
        return limited(("-n", f"site{site}", f"host{host}"), mbit=mbit)

    @staticmethod
    @contextlib.contextmanager
    def loss(site, percent, ways=("in", "out")):
        """This share of the packets is lost that come into the site, go out of it, or both."""
        share = "" if percent == 100 else f"numgen random mod 100 < {percent}"
        hooks = {"in": ("prerouting", "iifname"), "out": ("postrouting", "oifname")}
        rules = "".join(
            f"chain {way} {{ type filter hook {hooks[way][0]} priority -300; "
            f'{hooks[way][1]} "wan" {share} drop; }}\n' for way in ways)
        inside = words_in(f"site{site}")
        call(*inside, "nft", "-f", "-", text=f"table inet faults {{ {rules} }}\n")
        try:
            yield
        finally:
            call(*inside, "nft", "delete", "table", "inet", "faults")
