# SPDX-License-Identifier: Apache-2.0
"""Kept payloads through a small S3 store and back."""
import base64
import json

import pytest

from bridge_programs import (CORRUPT, EXISTS, MIB, NOT_FOUND, PART, TIMED_OUT, USAGE,
                             random_bytes, wait_until)

URL = "s3://bucket/one"


@pytest.mark.parametrize("size", [0, 1, 262144, PART, PART + 1, 3 * PART + 12345])
def test_payload_of_any_size_comes_back(programs, store, size):
    data = random_bytes(size)
    programs.keep(data)
    assert programs.export(URL).code == 0
    assert bytes(store.objects["bucket"]["one"].data) == data
    taken = programs.take_in(URL)
    assert taken.code == 0, taken
    assert programs.bytes_of(programs.far) == data
    assert store.counts.refused_signatures == 0
    assert store.uploads["bucket"] == {}


@pytest.mark.parametrize("key", ["a b", "\u00e4/\u4e2d.bin", "x+y%z&=?#", "deep/er/file~1"])
def test_key_with_any_characters_is_signed_as_it_is_stored(programs, store, key):
    programs.keep(b"bytes")
    assert programs.export(f"s3://bucket/{key}").code == 0
    assert set(store.objects["bucket"]) == {key, key + ".mapferry"}
    assert programs.take_in(f"s3://bucket/{key}").code == 0
    assert programs.bytes_of(programs.far) == b"bytes"


def test_far_section_says_what_the_near_one_says(programs):
    programs.keep(random_bytes(PART + MIB), "--meta", "maker=\u00e4 & 100%", file="photo.raw")
    assert programs.export("s3://bucket/dir/").code == 0
    assert programs.take_in("s3://bucket/dir/photo.raw").code == 0
    near, far = (programs.run("mapferry", "info", "--json", name).events("section")[0]
                 for name in (programs.near, programs.far))
    assert far["payloads"][0]["meta"] == {"maker": "\u00e4 & 100%"}
    for what in ("payloads", "slot_bytes"):
        assert near[what] == far[what]


def test_reader_follows_while_the_object_comes(programs, store):
    data = random_bytes(3 * PART)
    programs.keep(data)
    assert programs.export(URL).code == 0
    store.faults.hold_from = 2 * PART
    importer = programs.start_import(URL)
    reader = programs.start("mapferry-reader", "-q", "--name", programs.far, "-o", "-")
    assert reader.stdout.read(PART) == data[:PART]
    assert importer.poll() is None
    store.faults.release.set()
    assert programs.end(importer).code == 0
    ended = programs.end(reader)
    assert ended.code == 0 and ended.output == data[PART:]


def test_existing_object_is_not_replaced_unasked(programs, store):
    programs.keep(b"first")
    assert programs.export(URL).code == 0
    second = programs.new_section()
    programs.keep(b"second", name=second)
    assert programs.export(URL, name=second).code == EXISTS
    assert store.objects["bucket"]["one"].data == b"first"
    assert programs.export(URL, "--overwrite", name=second).code == 0
    assert programs.take_in(URL).code == 0
    assert programs.bytes_of(programs.far) == b"second"


def test_object_of_another_program_is_not_replaced_unasked(programs, store):
    store.put("one", b"theirs")
    programs.keep(b"ours")
    assert programs.export(URL).code == EXISTS
    assert store.objects["bucket"]["one"].data == b"theirs"
    assert "one.mapferry" not in store.objects["bucket"]


def test_object_that_came_meanwhile_is_not_replaced(programs, store):
    programs.keep(random_bytes(2 * PART))
    store.faults.delay_s = 0.3
    exporter = programs.start_export(URL)
    wait_until(lambda: store.uploads["bucket"], "no upload began")
    store.put("one", b"theirs")
    assert programs.end(exporter).code == EXISTS
    assert store.objects["bucket"]["one"].data == b"theirs"
    assert store.uploads["bucket"] == {}


def test_import_waits_until_the_commit_is_there(programs, store):
    programs.keep(b"bytes")
    assert programs.export(URL).code == 0
    commit = store.objects["bucket"].pop("one.mapferry")
    assert programs.take_in(URL, "--timeout", "0").code == NOT_FOUND
    assert programs.take_in(URL, "--timeout", "1s").code == TIMED_OUT
    importer = programs.start_import(URL)
    store.objects["bucket"]["one.mapferry"] = commit
    assert programs.end(importer).code == 0
    assert programs.bytes_of(programs.far) == b"bytes"


def test_exporter_that_died_before_the_commit_sends_nothing_again(programs, store):
    programs.keep(random_bytes(2 * PART + 5))
    assert programs.export(URL).code == 0
    del store.objects["bucket"]["one.mapferry"]
    sent = store.counts.put_bytes
    assert programs.export(URL).code == 0
    assert store.counts.put_bytes - sent < 10000
    assert programs.take_in(URL).code == 0


@pytest.mark.parametrize("at", [0, PART - 1, PART, 2 * PART + 6])
def test_damaged_object_is_refused_and_leaves_no_section(programs, store, at):
    programs.keep(random_bytes(2 * PART + 7))
    assert programs.export(URL).code == 0
    store.objects["bucket"]["one"].data[at] ^= 1
    assert programs.take_in(URL).code == CORRUPT
    assert not programs.exists(programs.far)
    assert programs.bridge("verify", URL).code == CORRUPT


def test_object_that_another_program_replaced_is_refused(programs, store):
    data = random_bytes(2 * PART)
    programs.keep(data)
    assert programs.export(URL).code == 0
    store.put("one", data[::-1])
    assert programs.take_in(URL).code == CORRUPT
    assert not programs.exists(programs.far)


def test_damaged_commit_is_refused(programs, store):
    programs.keep(random_bytes(100))
    assert programs.export(URL).code == 0
    commit = store.objects["bucket"]["one.mapferry"]
    good = json.loads(commit.data)
    for change in ({"bytes": 101}, {"part_bytes": 0}, {"part_xxh3": []}, {"xxh3_128": "0" * 32},
                   {"part_xxh3": ["0" * 16]}, {"version": "1"}):
        commit.data = bytearray(json.dumps({**good, **change}).encode())
        assert programs.take_in(URL).code == CORRUPT, change
    commit.data = bytearray(json.dumps({**good, "version": 2}).encode())
    assert programs.take_in(URL).code == 76
    commit.data = bytearray(b"{")
    assert programs.take_in(URL).code == CORRUPT
    assert not programs.exists(programs.far)


@pytest.mark.parametrize("size", [0, 5000, 2 * PART + 9])
def test_object_of_another_program_can_be_imported(programs, store, size):
    data = random_bytes(size)
    store.put("one", data)
    taken = programs.take_in(URL)
    assert taken.code == 0, taken
    assert b"without a checksum" in taken.errors
    assert programs.bytes_of(programs.far) == data


def test_checksum_of_the_store_is_compared(programs, store):
    data = random_bytes(PART + 1)
    programs.keep(data)
    assert programs.export(URL).code == 0
    digest = programs.bridge("info", "--json", URL).events("object")[0]["xxh3_128"]
    store.put("theirs", data)
    header = "x-amz-checksum-xxhash128"
    store.faults.checksums["theirs"] = {header: base64.b64encode(bytes.fromhex(digest)).decode()}
    taken = programs.take_in("s3://bucket/theirs")
    assert taken.code == 0 and b"without a checksum" not in taken.errors
    programs.remove(programs.far)
    store.objects["bucket"]["theirs"].data[7] ^= 1
    assert programs.take_in("s3://bucket/theirs").code == CORRUPT
    assert not programs.exists(programs.far)


def test_equal_payloads_cross_once_when_content_addressed(programs, store):
    data = random_bytes(2 * PART)
    programs.keep(data)
    assert programs.export(URL, "--content-addressed").code == 0
    sent = store.counts.put_bytes
    assert programs.export("s3://bucket/two", "--content-addressed").code == 0
    assert store.counts.put_bytes - sent < 1000
    assert programs.take_in("s3://bucket/two").code == 0
    assert programs.bytes_of(programs.far) == data
    assert programs.bridge("rm", URL).code == 0
    assert programs.bridge("verify", "s3://bucket/two").code == 0


def test_link_without_end_is_refused(programs, store):
    store.put("one.mapferry", b'{"version":1,"link":"one"}')
    assert programs.take_in(URL).code == CORRUPT


def test_ls_info_and_rm(programs, store):
    store.page = 2
    programs.keep(random_bytes(PART + 1))
    for name in ("b", "a", "c"):
        assert programs.export(f"s3://bucket/dir/{name}").code == 0
    store.put("dir/plain", b"12345")
    listed = programs.bridge("ls", "--json", "s3://bucket/dir/").events("object")
    assert [item["name"] for item in listed] == ["a", "b", "c", "plain"]
    assert [item["bytes"] for item in listed] == [PART + 1] * 3 + [5]
    assert "xxh3_128" in listed[0] and "xxh3_128" not in listed[3]
    assert programs.bridge("verify", "s3://bucket/dir/a").code == 0
    assert programs.bridge("rm", "s3://bucket/dir/a").code == 0
    assert programs.bridge("rm", "s3://bucket/dir/a").code == NOT_FOUND
    assert set(store.objects["bucket"]) == {"dir/b", "dir/b.mapferry", "dir/c", "dir/c.mapferry",
                                            "dir/plain"}


def test_what_is_not_kept_does_not_go_to_s3(programs):
    buffer = programs.new_section()
    assert programs.run("mapferry-writer", "--buffer", buffer, "--size", "64").code == 0
    assert programs.export(URL, name=buffer).code == USAGE


def test_plain_text_to_another_machine_is_refused(programs):
    programs.keep(b"x")
    for host in ("192.0.2.1", "127.example.com", "localhost.example.com"):
        ended = programs.export(URL, "--endpoint", f"http://{host}:80", "--timeout", "1s")
        assert ended.code == USAGE, ended


@pytest.mark.parametrize("url", ["s3://", "s3:///key", "s3://user@bucket/key"])
def test_address_that_is_none_is_refused(programs, url):
    programs.keep(b"x")
    assert programs.export(url).code == USAGE


def test_bytes_that_were_copied_in_other_parts_are_still_ours(programs, store):
    data = random_bytes(2 * PART + 5)
    programs.keep(data, "--meta", "a=b")
    assert programs.export(URL).code == 0
    objects = store.objects["bucket"]
    store.put("moved", data)
    store.put("moved.mapferry", bytes(objects["one.mapferry"].data))
    assert objects["moved"].etag != objects["one"].etag
    assert programs.take_in("s3://bucket/moved").code == 0
    assert programs.bytes_of(programs.far) == data
    programs.remove(programs.far)
    store.put("moved", data[:-1])
    ended = programs.take_in("s3://bucket/moved")
    assert ended.code == CORRUPT and b"replaced" in ended.errors
    assert not programs.exists(programs.far)
