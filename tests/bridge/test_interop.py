# SPDX-License-Identifier: Apache-2.0
"""Objects of the bridge in other programs and back: the official client of NATS for JavaScript.
Skips itself, and says why, where node does not find that client."""
import json
import os
import pathlib
import shutil
import subprocess

import pytest

from bridge_programs import MIB, NOT_FOUND, WATCHDOG_S, random_bytes

SCRIPT = pathlib.Path(__file__).with_name("interop_nats.cjs")
NODE = shutil.which("node")


def call(*words):
    return subprocess.run([NODE, SCRIPT, *words], capture_output=True, timeout=WATCHDOG_S,
                          check=False, env=os.environ)


def why_not():
    if NODE is None:
        return "node is not installed"
    if call("probe").returncode != 0:
        return "node has no @nats-io/obj: MAPFERRY_NATS_JS is the folder that has it"
    return None


REASON = why_not()
pytestmark = pytest.mark.skipif(REASON is not None, reason=str(REASON))


@pytest.mark.parametrize("size", [0, 1, 131072, 3 * MIB + 77])
def test_official_client_reads_our_object(size, nats, nats_programs, tmp_path):
    data = random_bytes(size)
    nats_programs.keep(data)
    name = "folder/a b+c.bin"
    assert nats_programs.export(nats.url("kept/" + name)).code == 0
    read = call("get", nats.url(), "kept", name, tmp_path / "copy")
    assert read.returncode == 0, read
    assert (tmp_path / "copy").read_bytes() == data
    listed = call("list", nats.url(), "kept")
    assert json.loads(listed.stdout) == [name], listed


@pytest.mark.parametrize("size", [0, 1, 131072, 3 * MIB + 77])
def test_object_of_the_official_client_is_imported_and_removed(size, nats, nats_programs, tmp_path):
    data = random_bytes(size)
    (tmp_path / "source").write_bytes(data)
    name = "folder/a b+c.bin"
    stored = call("put", nats.url(), "theirs", name, tmp_path / "source")
    assert stored.returncode == 0, stored
    url = nats.url("theirs/" + name)
    assert nats_programs.bridge("verify", url).code == 0
    assert nats_programs.take_in(url).code == 0
    assert nats_programs.bytes_of(nats_programs.far) == data
    assert nats_programs.bridge("rm", url).code == 0
    assert json.loads(call("list", nats.url(), "theirs").stdout) == []
    assert nats_programs.bridge("info", url).code == NOT_FOUND


def test_official_client_replaces_our_object(nats, nats_programs, tmp_path):
    nats_programs.keep(random_bytes(MIB))
    assert nats_programs.export(nats.url("kept/one")).code == 0
    (tmp_path / "source").write_bytes(b"theirs")
    assert call("put", nats.url(), "kept", "one", tmp_path / "source").returncode == 0
    assert nats_programs.take_in(nats.url("kept/one")).code == 0
    assert nats_programs.bytes_of(nats_programs.far) == b"theirs"
