# SPDX-License-Identifier: Apache-2.0
"""Who gets an answer, and what a bad client can do: without a browser."""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

import serve_rig
from serve_rig import Stream, wait_until

CANNOT_CREATE, USAGE, NOT_FOUND, GONE = 73, 64, 66, 69


def test_page_is_there_and_says_what_it_may_load(server):
    status, headers, body = server.get("/")
    assert status == 200 and b"<title>mapferry</title>" in body
    assert server.url == f"http://127.0.0.1:{server.port}/"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers
    assert server.get("/page/app.js")[1]["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["/page/../serve_main.cc", "/page/%2e%2e/%2e%2e/etc/passwd", "/x",
                                  "/page/", "/api/nothing", "//"])
def test_nothing_else_is_there(server, path):
    assert server.get(path)[0] == 404


def test_foreign_host_is_refused(server):
    for host in ["evil.example", "evil.example:8377", "127.0.0.1.evil.example", "192.168.1.7",
                 "localhost.evil.example", "", "127.0.0.1:x", "[::1", "user@127.0.0.1"]:
        assert server.get("/", Host=host)[0] in (400, 421), host
    for host in ["localhost", f"127.0.0.1:{server.port}", "LocalHost:9000", "[::1]:8377"]:
        assert server.get("/", Host=host)[0] == 200, host


def test_host_names_that_the_user_gave_are_answered(new_server):
    server = new_server("--host-name", "Camera.example")
    assert server.get("/", Host="camera.EXAMPLE:80")[0] == 200
    assert server.get("/", Host="camera.example.com")[0] == 421


def test_page_of_another_origin_reads_nothing(server):
    own = f"http://127.0.0.1:{server.port}"
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1", own + ".evil.example"]:
        assert server.get("/api/stream", Origin=origin)[0] == 403, origin
    for site in ["cross-site", "same-site"]:
        assert server.get("/page/app.js", Sec_Fetch_Site=site)[0] == 403
        assert server.get("/", Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors")[0] == 403
        # A link may lead to the page.
        assert server.get("/", Sec_Fetch_Site=site, Sec_Fetch_Mode="navigate")[0] == 200
    assert server.get("/", Origin=own, Sec_Fetch_Site="same-origin")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_written(server, method):
    status, headers, _ = server.get("/", method=method)
    assert status == 405 and headers["Allow"] == "GET, HEAD"


def test_other_address_demands_the_token_that_is_printed_once(new_server):
    server = new_server("--listen", "0.0.0.0")
    token = server.url.split("?token=")[1]
    assert len(token) == 64
    for path in ["/", "/?token=", f"/?token={token[:-1]}", f"/?token={token}0",
                 f"/?token={'0' * 64}", "/api/stream", "/page/app.js"]:
        assert server.get(path)[0] == 403, path
    status, headers, _ = server.get(f"/?token={token}")
    cookie = headers["Set-Cookie"]
    assert status == 200 and "HttpOnly" in cookie and "SameSite=Strict" in cookie
    name, value = cookie.split(";")[0].split("=")
    assert str(server.port) in name and value == token
    assert server.get("/page/app.js", Cookie=f"a=b; {name}={value}")[0] == 200
    assert server.get("/page/app.js", Cookie=f"{name}={'f' * 64}")[0] == 403
    assert server.get("/", Host="10.1.2.3", Cookie=f"{name}={value}")[0] == 200
    assert server.get("/", Host="evil.example", Cookie=f"{name}={value}")[0] == 421
    server.stop()
    assert token.encode() not in server.errors + server.output


def test_token_may_be_demanded_on_this_machine_too(new_server):
    server = new_server("--token")
    assert server.get("/")[0] == 403
    assert server.get("/?token=" + server.url.split("?token=")[1])[0] == 200


def test_another_user_of_this_machine_sees_nothing(server):
    if os.getuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can become another user")
    read = ("import http.client; c = http.client.HTTPConnection('127.0.0.1', %d); "
            "c.request('GET', '/'); a = c.getresponse(); print(a.status, a.read().decode())")
    run = subprocess.run(["setpriv", "--reuid", "65534", "--clear-groups", sys.executable, "-c",
                          read % server.port], capture_output=True, text=True, check=True,
                         timeout=serve_rig.WATCHDOG_S)
    assert run.stdout.startswith("403 these sections belong to another user")


def test_port_that_is_taken_is_an_error_of_its_own(server):
    run = subprocess.run([serve_rig.PROGRAMS / "mapferry", "serve", "--port", str(server.port)],
                         capture_output=True, text=True, timeout=serve_rig.WATCHDOG_S, check=False)
    assert run.returncode == CANNOT_CREATE and run.stdout == ""
    assert f"cannot listen at 127.0.0.1 port {server.port}" in run.stderr
    assert "--port" in run.stderr


@pytest.mark.parametrize("words, code", [(["--port", "65536"], USAGE), (["--port", "x"], USAGE),
                                         (["--memory", "1KiB"], USAGE), (["a", "b"], USAGE),
                                         (["--listen", "no.such.host.invalid"], NOT_FOUND),
                                         (["--listen", "203.0.113.9"], NOT_FOUND)])
def test_wrong_words_are_named(words, code):
    run = subprocess.run([serve_rig.PROGRAMS / "mapferry", "serve", *words], capture_output=True,
                         text=True, timeout=serve_rig.WATCHDOG_S, check=False)
    assert run.returncode == code and run.stdout == ""
    assert run.stderr.startswith("mapferry serve: error: ")


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_it_with_streams_open(new_server, new_camera, kind):
    server = new_server()
    camera = new_camera()
    camera.run("number", 64, 48, 60)
    stream = Stream(server)
    stream.order("show", pane=0, section=camera.name)
    stream.message("frame")
    idle = socket.create_connection(("127.0.0.1", server.port))
    begin = time.monotonic()
    assert server.stop(kind) == -kind
    assert server.errors == b""
    # The idle connection alone would hold a server up that waits for its clients.
    assert time.monotonic() - begin < serve_rig.WATCHDOG_S
    idle.close()
    while stream.answer.read(65536):  # a stream that broke off would raise IncompleteRead
        pass
    stream.close()
    # The camera has no reader left.
    wait_until(lambda: b'"readers":0' in subprocess.run(
        [serve_rig.PROGRAMS / "mapferry", "top", "--once", "--interval", "50ms", "--json",
         camera.name], capture_output=True, check=True).stdout, "the reader is gone")
    camera.rest()


def test_seventeenth_page_is_refused_and_a_closed_one_makes_room(server):
    streams = [Stream(server) for _ in range(16)]
    assert server.get("/api/stream")[0] == 503
    assert server.get("/")[0] == 200
    streams.pop().close()
    wait_until(lambda: server.get("/api/stream", method="HEAD")[0] == 200, "room")
    for stream in streams:
        stream.close()


def test_many_idle_connections_leave_the_pages_alone(server):
    stream = Stream(server)
    idle = []
    for _ in range(100):
        one = socket.create_connection(("127.0.0.1", server.port))
        one.send(b"GET / HTTP/1.1\r\n")
        idle.append(one)
    for _ in range(3):
        stream.message("sections")
    for one in idle:
        one.close()
    wait_until(lambda: _answers(server), "an answer after the flood")
    stream.close()


def _answers(server):
    try:
        return server.get("/")[0] == 200
    except OSError:
        return False


def test_client_that_never_reads_holds_nobody_up(server, new_camera):
    camera = new_camera(delivery="each")
    camera.run("bgr", 640, 480, 60, cycle=3)
    deaf = Stream(server)
    deaf.order("set", pane=0, format="png", rate=60)
    deaf.order("show", pane=0, section=camera.name)
    other = Stream(server)
    other.order("set", pane=0, rate=60)
    other.order("show", pane=0, section=camera.name)
    before = server.memory_bytes()
    first = other.message("frame")
    for _ in range(60):
        # `deaf` says that it draws, but takes nothing out of its connection.
        deaf.order("drawn", pane=0, message=1_000_000)
        last = other.message("frame")
        other.order("drawn", pane=0, message=last["message"])
    assert last["sequence"] > first["sequence"] + 50
    assert server.memory_bytes() - before < 200 << 20
    assert camera.rest() > 60
    deaf.close()
    other.close()


def test_page_that_draws_slowly_gets_the_newest_frames(server, new_camera):
    camera = new_camera()
    camera.run("number", 64, 48, 100)
    stream = Stream(server)
    stream.order("set", pane=0, rate=100)
    stream.order("show", pane=0, section=camera.name)
    first, second = stream.message("frame"), stream.message("frame")
    # Two are on their way, so there is no third, however many the camera publishes meanwhile.
    tables = 0
    while tables < 2:
        kind = stream.message()["kind"]
        assert kind != "frame"
        tables += kind == "sections"
    stream.order("drawn", pane=0, message=second["message"])
    third = stream.message("frame")
    assert third["sequence"] > second["sequence"] + 10
    assert third["skipped"] >= third["sequence"] - first["sequence"] - 2
    camera.rest()
    stream.close()


def test_page_that_rests_holds_no_lossless_camera_up(server, new_camera):
    camera = new_camera(delivery="each")
    camera.run("bgr", 640, 480, 200, cycle=3)
    stream = Stream(server)
    stream.order("show", pane=0, section=camera.name)
    # The page never says that it has drawn, so the server wants no more frames than these.
    stream.message("frame")
    last = stream.message("frame")["sequence"]
    # More than the section has slots, so that none of them can be held.
    newest = f"import mapferry; r = mapferry.FrameReader('{camera.name}'); f = r.latest(30.0)\n" \
        f"while f.sequence < {last} + 200: f = r.latest(30.0)"
    subprocess.run([sys.executable, "-c", newest], check=True, timeout=serve_rig.WATCHDOG_S,
                   env={**os.environ, "PYTHONPATH": str(serve_rig.HERE.parent.parent / "python")})
    assert camera.rest() > last + 200
    stream.close()


def test_page_does_not_count_as_the_reader_for_which_a_camera_waits(server, names, tmp_path):
    name = names()
    (tmp_path / "video").write_bytes(bytes(3 * 64 * 48))
    writer = subprocess.Popen([serve_rig.PROGRAMS / "mapferry", "send", "--frames", "--lossless",
                               "--name", name, "--image", "64x48:GRAY8", "-q",
                               str(tmp_path / "video")])
    wait_until(lambda: name in subprocess.run([serve_rig.PROGRAMS / "mapferry", "ls"], text=True,
                                              capture_output=True, check=True).stdout, "a section")
    stream = Stream(server)
    stream.order("show", pane=0, section=name)
    for _ in range(2):
        assert stream.message()["kind"] in ("sections", "state")
    assert writer.poll() is None
    run = subprocess.run([serve_rig.PROGRAMS / "mapferry", "receive", "--frames", "--name", name,
                          "-q", "-o", str(tmp_path / "all.raw")], timeout=serve_rig.WATCHDOG_S,
                         check=False)
    assert run.returncode == 0 and writer.wait(serve_rig.WATCHDOG_S) == 0
    assert (tmp_path / "all.raw").stat().st_size == 3 * 64 * 48
    stream.close()


def test_frames_are_encoded_once_for_all_pages(server, new_camera):
    camera = new_camera()
    camera.frame("bgr", 64, 48, 1)
    bodies = set()
    for _ in range(3):
        stream = Stream(server)
        stream.order("show", pane=0, section=camera.name)
        frame = stream.message("frame")
        assert frame["sequence"] == 0
        bodies.add(frame["body"])
        stream.close()
    assert len(bodies) == 1


def test_frames_of_jpeg_pass_as_they_are_and_are_decoded_apart(server, new_camera, tmp_path):
    raw, encoded = new_camera(), new_camera()
    raw.frame("bgr", 64, 48, 1)
    stream = Stream(server)
    stream.order("show", pane=0, section=raw.name, turn=1)
    jpeg = stream.message("frame")["body"]
    (tmp_path / "a.jpg").write_bytes(jpeg)
    encoded.tell(do="file", path=str(tmp_path / "a.jpg"), width=64, height=48, format="JPEG")
    stream.order("show", pane=0, section=encoded.name, turn=2)
    frame = stream.message("frame")
    assert frame["turn"] == 2 and frame["format"] == "JPEG" and frame["body"] == jpeg
    status, body = stream.ask("/api/values", pane=0, frame=frame["id"], x=63, y=47)
    values = json.loads(body)
    assert status == 200 and values["channels"] == ["R", "G", "B"] and len(values["values"][0]) == 3
    stream.order("set", pane=0, format="png")
    assert stream.message("frame")["body"].startswith(b"\x89PNG")
    stream.close()


def test_one_section_alone_is_shown_where_one_was_named(new_server, new_camera):
    camera, other = new_camera(), new_camera()
    camera.frame("bgr", 64, 48, 1)
    other.frame("bgr", 64, 48, 1)
    server = new_server(camera.name)
    stream = Stream(server)
    table = stream.message("sections")["body"].decode()
    assert camera.name in table and other.name not in table
    assert stream.order("show", pane=0, section=other.name)[0] == 404
    assert stream.order("show", pane=0, section="../x")[0] == 404
    assert stream.order("show", pane=7, section=camera.name)[0] == 400
    stream.close()
    assert stream.ask("/api/order", what="pause")[0] in (200, 410)


def test_front_door_without_the_program_says_so(tmp_path):
    shutil.copy(serve_rig.PROGRAMS / "mapferry", tmp_path)
    run = lambda *words: subprocess.run([tmp_path / "mapferry", "serve", *words],
                                        env={"PATH": str(tmp_path)}, capture_output=True,
                                        text=True, check=False, timeout=serve_rig.WATCHDOG_S)
    assert run().returncode == GONE
    assert "mapferry-serve is not installed" in run().stderr
    # Help and usage errors need no server.
    assert run("--help").returncode == 0 and run("--nothing").returncode == USAGE
