# SPDX-License-Identifier: Apache-2.0
"""The bridge with a real S3 store, the gateway of Ceph. Skips itself, and says why, where that
cannot be."""
import os
import shutil
import subprocess

import pytest

import ceph_rgw
from bridge_programs import (CORRUPT, DENIED, EXISTS, IO, NOT_FOUND, PART, WATCHDOG_S, Programs,
                             random_bytes, wait_until)

pytestmark = pytest.mark.skipif(ceph_rgw.why_not() is not None, reason=str(ceph_rgw.why_not()))
URL = "s3://bucket/one"


@pytest.fixture(scope="module")
def rgw(tmp_path_factory):
    with ceph_rgw.Rgw(tmp_path_factory.mktemp("rgw")) as started:
        yield started


def aws(rgw, folder, *words):
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **rgw.environment(),
                   "AWS_EC2_METADATA_DISABLED": "true"}
    done = subprocess.run(["aws", "--endpoint-url", rgw.endpoint, *words], env=environment,
                          capture_output=True, text=True, timeout=WATCHDOG_S, check=False)
    assert done.returncode == 0, done
    return done.stdout


@pytest.fixture
def ceph(rgw, tmp_path):
    made = Programs(rgw.environment(), tmp_path)
    yield made
    made.bridge("rm", URL)
    made.close()


@pytest.mark.parametrize("size", [0, 1, PART, PART + 1, 3 * PART + 77])
def test_payload_of_any_size_comes_back_from_ceph(ceph, size):
    data = random_bytes(size)
    ceph.keep(data)
    ended = ceph.export(URL)
    assert ended.code == 0, ended
    assert ceph.take_in(URL).code == 0
    assert ceph.bytes_of(ceph.far) == data


def test_ceph_lists_and_removes(ceph):
    ceph.keep(random_bytes(2 * PART))
    key = "s3://bucket/dir/\u00e4 b+c"
    assert ceph.export(key).code == 0
    listed = ceph.bridge("ls", "--json", "s3://bucket/dir/").events("object")
    assert [item["name"] for item in listed] == ["\u00e4 b+c"]
    assert ceph.bridge("verify", key).code == 0
    assert ceph.bridge("rm", key).code == 0
    assert ceph.bridge("info", key).code == NOT_FOUND


def test_second_export_to_ceph_is_refused(ceph):
    ceph.keep(random_bytes(PART + 5))
    assert ceph.export(URL).code == 0
    other = ceph.new_section()
    ceph.keep(random_bytes(PART + 6, seed=2), name=other)
    assert ceph.export(URL, name=other).code == EXISTS
    assert ceph.bridge("verify", URL).code == 0


def test_object_replaced_in_ceph_is_refused(ceph, rgw):
    ceph.keep(random_bytes(5000))
    assert ceph.export(URL).code == 0
    assert rgw.request("PUT", "/bucket/one", random_bytes(5000, seed=2)) == 200
    assert ceph.take_in(URL).code == CORRUPT
    assert not ceph.exists(ceph.far)


def test_wrong_keys_are_refused_by_ceph(ceph):
    ceph.keep(b"x")
    ceph.environment["AWS_SECRET_ACCESS_KEY"] = "another"
    assert ceph.export(URL).code == DENIED


def test_exporter_to_ceph_that_is_killed_goes_on(ceph, rgw):
    data = random_bytes(32 * PART)
    ceph.keep(data)
    exporter = ceph.start_export(URL)
    wait_until(lambda: rgw.stored_parts("one") >= 3, "nothing is stored")
    exporter.kill()
    ceph.end(exporter)
    assert ceph.bridge("info", URL).code == NOT_FOUND
    stored = rgw.stored_parts("one")
    assert 3 <= stored < 32
    again = ceph.export(URL, "--json")
    assert again.code == 0, again
    assert again.events("resumed")[0]["bytes"] >= stored * PART
    assert ceph.take_in(URL).code == 0
    assert ceph.bytes_of(ceph.far) == data


def test_object_that_came_meanwhile_is_not_replaced_in_ceph(ceph, rgw):
    ceph.keep(random_bytes(32 * PART))
    exporter = ceph.start_export(URL)
    wait_until(lambda: rgw.stored_parts("one") >= 2, "nothing is stored")
    assert rgw.request("PUT", "/bucket/one", b"theirs") == 200
    assert ceph.end(exporter).code == EXISTS
    assert rgw.request("GET", "/bucket/one") == 200 and rgw.body == b"theirs"
    assert rgw.stored_parts("one") == 0


def test_gateway_that_is_killed_and_comes_back(ceph, rgw):
    data = random_bytes(32 * PART)
    ceph.keep(data)
    exporter = ceph.start_export(URL, "--json")
    wait_until(lambda: rgw.stored_parts("one") >= 3, "nothing is stored")
    rgw.kill_gateway()
    rgw.start_gateway()
    ended = ceph.end(exporter)
    assert ended.code == 0, ended
    assert ended.events("lost") and ended.events("connected")[-1]["again"]
    importer = ceph.start_import(URL)
    wait_until(lambda: ceph.exists(ceph.far), "nothing is read")
    rgw.kill_gateway()
    rgw.start_gateway()
    assert ceph.end(importer).code == 0
    assert ceph.bytes_of(ceph.far) == data


def test_ceph_without_room_ends_the_export(ceph, rgw):
    quota = ("radosgw-admin", "-n", "client.rgw", "quota")
    who = ("--quota-scope", "user", "--uid", "u")
    ceph.keep(random_bytes(3 * PART))
    rgw.call(*quota, "set", *who, "--max-size", "8M")
    rgw.call(*quota, "enable", *who)
    try:
        ended = ceph.export(URL)
        assert ended.code == IO, ended
        assert b"QuotaExceeded" in ended.errors
        assert ceph.bridge("info", URL).code == NOT_FOUND
    finally:
        rgw.call(*quota, "disable", *who)


def test_aws_client_reads_our_object_and_ours_reads_its_object(ceph, rgw, tmp_path):
    if shutil.which("aws") is None:
        pytest.skip("the client of AWS is not installed")
    data = random_bytes(2 * PART + 3)
    ceph.keep(data)
    assert ceph.export(URL).code == 0
    copy = tmp_path / "copy"
    aws(rgw, tmp_path, "s3", "cp", URL, copy)
    assert copy.read_bytes() == data
    listed = aws(rgw, tmp_path, "s3", "ls", "s3://bucket/")
    assert [line.split()[-1] for line in listed.splitlines()] == ["one", "one.mapferry"]
    ceph.bridge("rm", URL)
    aws(rgw, tmp_path, "s3", "cp", copy, URL)
    taken = ceph.take_in(URL)
    assert taken.code == 0, taken
    assert ceph.bytes_of(ceph.far) == data


def test_object_that_the_aws_client_copies_in_other_parts_is_ours(ceph, rgw, tmp_path):
    if shutil.which("aws") is None:
        pytest.skip("the client of AWS is not installed")
    data = random_bytes(PART + 3)
    ceph.keep(data, "--meta", "a=b")
    assert ceph.export(URL).code == 0
    for key in ("one", "one.mapferry"):
        aws(rgw, tmp_path, "s3", "cp", f"s3://bucket/{key}", tmp_path / key)
        aws(rgw, tmp_path, "s3", "cp", tmp_path / key, f"s3://bucket/moved/{key}")
    taken = ceph.take_in("s3://bucket/moved/one")
    assert taken.code == 0, taken
    assert ceph.bytes_of(ceph.far) == data
    ceph.bridge("rm", "s3://bucket/moved/one")
