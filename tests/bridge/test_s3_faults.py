# SPDX-License-Identifier: Apache-2.0
"""Stores and programs that fail while payloads are under way."""
import signal
import ssl
import subprocess

import s3_store
from bridge_programs import (DENIED, GONE, IO, MIB, NOT_FOUND, PART, TIMED_OUT, Programs,
                             random_bytes, wait_until)

URL = "s3://bucket/one"
IN_FLIGHT = 4 * PART


def test_exporter_that_is_killed_goes_on_where_it_was(programs, store):
    data = random_bytes(10 * PART + 3)
    programs.keep(data)
    store.page = 2
    store.faults.delay_s = 0.2
    exporter = programs.start_export(URL)
    wait_until(lambda: store.counts.put_bytes >= 3 * PART, "nothing is stored")
    exporter.kill()
    programs.end(exporter)
    assert store.objects["bucket"] == {}
    store.faults.delay_s = 0
    again = programs.export(URL, "--json")
    assert again.code == 0, again
    assert again.events("resumed")[0]["bytes"] >= 2 * PART
    assert store.counts.put_bytes <= len(data) + IN_FLIGHT + MIB
    assert bytes(store.objects["bucket"]["one"].data) == data
    assert store.uploads["bucket"] == {}


def test_unfinished_upload_of_other_bytes_is_left_alone(programs, store):
    programs.keep(random_bytes(4 * PART))
    other = programs.new_section()
    programs.keep(random_bytes(4 * PART, seed=2), name=other)
    store.faults.delay_s = 0.2
    exporter = programs.start_export(URL)
    wait_until(lambda: store.counts.put_bytes >= PART, "nothing is stored")
    exporter.kill()
    programs.end(exporter)
    assert programs.export(URL, name=other).code == 0
    assert programs.bridge("verify", URL).code == 0
    assert len(store.uploads["bucket"]) == 1
    assert programs.bridge("rm", URL).code == 0
    assert store.uploads["bucket"] == {}


def test_importer_that_is_killed_can_begin_anew(programs, store):
    data = random_bytes(3 * PART)
    programs.keep(data)
    assert programs.export(URL).code == 0
    store.faults.hold_from = PART
    importer = programs.start_import(URL)
    wait_until(lambda: store.counts.got_bytes >= PART // 4, "nothing is read")
    importer.kill()
    programs.end(importer)
    store.faults.hold_from = 0
    store.faults.release.set()
    assert programs.take_in(URL).code == 0
    assert programs.bytes_of(programs.far) == data


def test_signal_ends_an_export_and_the_next_one_goes_on(programs, store):
    programs.keep(random_bytes(6 * PART))
    store.faults.delay_s = 0.2
    exporter = programs.start_export(URL)
    wait_until(lambda: store.counts.put_bytes >= PART, "nothing is stored")
    exporter.send_signal(signal.SIGINT)
    assert programs.end(exporter).code in (-signal.SIGINT, 128 + signal.SIGINT)
    store.faults.delay_s = 0
    assert programs.export(URL, "--json").events("resumed")


def test_store_that_fails_now_and_then_is_asked_again(programs, store):
    data = random_bytes(3 * PART + 1)
    programs.keep(data)
    store.faults.fail_next = 4
    assert programs.export(URL).code == 0
    store.faults.fail_next = 2
    assert programs.take_in(URL).code == 0
    assert programs.bytes_of(programs.far) == data


def test_answers_that_are_lost_do_no_harm(programs, store):
    data = random_bytes(2 * PART)
    programs.keep(data)
    for lost in (1, 3, 7):
        store.faults.lose_next_answers = lost
        ended = programs.export(f"s3://bucket/lost-{lost}")
        assert ended.code == 0, ended
        assert bytes(store.objects["bucket"][f"lost-{lost}"].data) == data
    assert programs.bridge("verify", "s3://bucket/lost-7").code == 0


def test_answer_to_the_completion_that_is_lost_does_no_harm(programs, store, monkeypatch):
    programs.keep(random_bytes(2 * PART))
    complete = s3_store.Handler.key_post
    lost = []

    def lose(handler, bucket, key, body):
        if "uploadId" in handler.query and not lost:
            lost.append(key)
            handler.store.faults.lose_next_answers = 1
        complete(handler, bucket, key, body)

    monkeypatch.setattr(s3_store.Handler, "key_post", lose)
    assert programs.export(URL).code == 0
    assert lost == ["one"]
    assert programs.bridge("verify", URL).code == 0


def test_connections_that_break_are_made_anew(programs, store):
    data = random_bytes(4 * PART)
    programs.keep(data)
    assert programs.export(URL).code == 0
    store.faults.cut_next = 5
    taken = programs.take_in(URL, "--json")
    assert taken.code == 0, taken
    assert taken.events("lost") and taken.events("resumed")
    assert programs.bytes_of(programs.far) == data
    assert store.counts.got_bytes <= len(data) + 5 * PART // 4 + MIB


def test_store_without_room_ends_the_export(programs, store):
    programs.keep(random_bytes(2 * PART))
    store.faults.refuse_puts = "QuotaExceeded"
    assert programs.export(URL).code == IO
    assert store.objects["bucket"] == {}


def test_store_that_takes_no_bytes_ends_the_export(programs, store):
    programs.keep(random_bytes(2 * PART))
    store.faults.hang_puts = True
    ended = programs.export(URL, "--timeout", "3s")
    assert ended.code == IO, ended
    assert b"takes no bytes" in ended.errors


def test_store_that_is_away_ends_the_work(programs, store):
    programs.keep(random_bytes(10))
    away = ("--endpoint", "http://127.0.0.1:9", "--timeout", "1s")
    assert programs.export(URL, *away).code == GONE
    assert programs.take_in(URL, *away).code == GONE
    assert not programs.exists(programs.far)


def test_wrong_keys_are_refused_at_once(programs, store):
    programs.keep(b"x")
    programs.environment["AWS_SECRET_ACCESS_KEY"] = "another"
    assert programs.export(URL).code == DENIED
    assert programs.take_in(URL).code == DENIED
    del programs.environment["AWS_SECRET_ACCESS_KEY"]  # no keys: no signature
    assert programs.bridge("ls", "s3://bucket").code == DENIED


def test_bucket_that_is_not_there(programs):
    programs.keep(b"x")
    assert programs.export("s3://other/one").code == NOT_FOUND
    assert programs.take_in("s3://other/one").code == NOT_FOUND


def test_object_that_does_not_come(programs):
    assert programs.take_in(URL, "--timeout", "0").code == NOT_FOUND
    assert programs.take_in(URL, "--timeout", "1s").code == TIMED_OUT


def credentials_file(programs, mode):
    path = programs.folder / "credentials"
    path.write_text("[default]\naws_access_key_id = other\naws_secret_access_key = other\n"
                    f"[work]\n# keys of work\naws_access_key_id={s3_store.ACCESS_KEY}\n"
                    f"aws_secret_access_key = {s3_store.SECRET_KEY}\n")
    path.chmod(mode)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        programs.environment.pop(name, None)
    programs.environment["AWS_SHARED_CREDENTIALS_FILE"] = str(path)


def test_keys_of_a_profile(programs):
    programs.keep(b"x")
    credentials_file(programs, 0o600)
    assert programs.export(URL).code == DENIED
    programs.environment["AWS_PROFILE"] = "work"
    assert programs.export(URL).code == 0
    programs.environment["AWS_PROFILE"] = "nobody"
    assert programs.export(URL, "--overwrite").code == NOT_FOUND


def config_file(programs, text, mode=0o644):
    path = programs.folder / "config"
    path.write_text(text)
    path.chmod(mode)
    programs.environment["AWS_CONFIG_FILE"] = str(path)


def test_region_and_store_of_a_profile(programs, store):
    programs.keep(b"x")
    credentials_file(programs, 0o600)
    for name in ("AWS_REGION", "AWS_ENDPOINT_URL"):
        programs.environment.pop(name)
    config_file(programs, f"[default]\nregion = no\n[profile work]\nregion = {s3_store.REGION}\n"
                          f"endpoint_url = {store.environment()['AWS_ENDPOINT_URL']}\n")
    programs.environment["AWS_PROFILE"] = "work"
    assert programs.export(URL).code == 0
    assert "one" in store.objects["bucket"]


def test_profile_without_keys_says_where_they_are(programs, store):
    programs.keep(b"x")
    credentials_file(programs, 0o600)
    config_file(programs, "[profile role]\nrole_arn = arn:aws:iam::1:role/x\n")
    programs.environment["AWS_PROFILE"] = "role"
    ended = programs.export(URL)
    assert ended.code == DENIED
    assert b"role_arn" in ended.errors and b"export-credentials" in ended.errors
    assert store.counts.requests == 0


def test_keys_of_the_configuration_that_others_can_read_are_refused(programs, store):
    programs.keep(b"x")
    credentials_file(programs, 0o600)
    text = (f"[profile keys]\naws_access_key_id = {s3_store.ACCESS_KEY}\n"
            f"aws_secret_access_key = {s3_store.SECRET_KEY}\n")
    programs.environment["AWS_PROFILE"] = "keys"
    config_file(programs, text, 0o644)
    assert programs.export(URL).code == DENIED
    assert store.counts.requests == 0
    config_file(programs, text, 0o600)
    assert programs.export(URL).code == 0


def test_keys_that_others_can_read_are_refused(programs, store):
    programs.keep(b"x")
    credentials_file(programs, 0o644)
    programs.environment["AWS_PROFILE"] = "work"
    assert programs.export(URL).code == DENIED
    assert store.counts.requests == 0


def certificate(folder, name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / f"{name}.key",
                    "-out", folder / f"{name}.pem"], check=True, capture_output=True)
    return folder / f"{name}.pem", folder / f"{name}.key"


def test_certificate_of_an_unknown_authority_is_refused(tmp_path):
    ours, key = certificate(tmp_path, "ours")
    other, _ = certificate(tmp_path, "other")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(ours, key)
    with s3_store.S3Store(tls=tls) as store:
        programs = Programs(store.environment(), tmp_path)
        try:
            data = random_bytes(PART + 9)
            programs.keep(data)
            assert programs.export(URL).code == DENIED
            assert programs.export(URL, "--tls-ca", str(other)).code == DENIED
            assert programs.export(URL, "--tls-ca", str(ours)).code == 0
            assert programs.take_in(URL, "--tls-ca", str(ours)).code == 0
            assert programs.bytes_of(programs.far) == data
        finally:
            programs.close()


def test_every_kept_section_of_a_pattern_is_exported(programs, store):
    base = programs.new_section()
    names = [f"{base}-{i}" for i in range(3)]
    programs.sections.update(names)
    for name in names[:2]:
        programs.keep(random_bytes(1000), name=name)
    watch = programs.start("mapferry-bridge", "export", "--watch", f"{base}-*", "--to",
                           "s3://bucket/all/")
    wait_until(lambda: len(store.objects["bucket"]) == 4, "two are not exported")
    programs.keep(random_bytes(2000), name=names[2])
    wait_until(lambda: len(store.objects["bucket"]) == 6, "the third is not exported")
    watch.terminate()
    programs.end(watch)
    assert f"all/{names[2]}.mapferry" in store.objects["bucket"]
