# SPDX-License-Identifier: Apache-2.0
"""A server of NATS at the hub, and one in each site that mirrors buckets of the hub's."""
import contextlib

from nats_server import NatsServer
from net_sites import HUB, Sites, words_in

LEAVES_PORT = 7422


def start_hub(folder):
    settings = f'server_name: hub\nleafnodes {{ listen: "{HUB}:{LEAVES_PORT}" }}'
    return NatsServer(folder / "hub", settings, "domain: hub", host=HUB)


@contextlib.contextmanager
def leaves_of(sites, folder):
    """The servers of the sites, by the site's number."""
    with contextlib.ExitStack() as started:
        yield {site: started.enter_context(NatsServer(
            folder / f"leaf{site}",
            f"server_name: leaf{site}\n"
            f'leafnodes {{ remotes: [ {{ url: "nats-leaf://{HUB}:{LEAVES_PORT}" }} ] }}',
            f"domain: site{site}", host="0.0.0.0", port=4222, where=words_in(f"site{site}")))
            for site in sites.sites}


def url_of_site(site, path):
    return f"nats://{Sites.lan(site)}:4222/{path}"


def mirror(leaf, site, bucket):
    """Makes the site's server a mirror of the bucket."""
    stream = f"OBJ_{bucket}"
    answer = leaf.request(f"$JS.API.STREAM.CREATE.{stream}", {
        "name": stream, "storage": "file", "allow_rollup_hdrs": True,
        "mirror": {"name": stream, "external": {"api": "$JS.hub.API", "deliver": ""}}},
        host=Sites.wan(site))
    assert "error" not in answer, answer
