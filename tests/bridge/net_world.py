# SPDX-License-Identifier: Apache-2.0
"""net_world.py COMMAND...: runs the command in a world of its own: a network without any way out, a
/dev/shm of its own, and processes that end with the command. So nothing is left of what it makes,
and other tests run beside it. Where the machine does not allow that, or lacks a program: prints the
reason, and ends with 77, which CTest counts as skipped."""
import os
import shutil
import subprocess
import sys

SKIPPED = 77
PROGRAMS = ("unshare", "nsenter", "ip", "tc", "nft", "nats-server")
SET_UP = ("mount -t tmpfs none /run && mkdir /run/netns && mount -t tmpfs none /dev/shm && "
          "ip link set lo up")
# What the tests use of the kernel.
PROBE = ("ip netns add probe && ip link add probe0 type veth peer name eth0 netns probe && "
         "tc qdisc add dev probe0 root tbf rate 1mbit burst 256k latency 50ms && "
         "nsenter --net=/run/netns/probe -- nft add table inet probe")


def unshare():
    words = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    return words if os.geteuid() == 0 else [*words, "--user", "--map-root-user"]


def why_not():
    for program in PROGRAMS:
        if shutil.which(program) is None:
            return f"{program} is not installed"
    tried = subprocess.run([*unshare(), "sh", "-c", f"{SET_UP} && {PROBE}"], capture_output=True,
                           text=True, check=False)
    return None if tried.returncode == 0 else f"no namespaces: {tried.stderr.strip()}"


def main():
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if reason := why_not():
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    os.execvp("unshare", [*unshare(), "sh", "-c", f'{SET_UP} && exec "$@"', "sh", *sys.argv[1:]])


if __name__ == "__main__":
    main()
