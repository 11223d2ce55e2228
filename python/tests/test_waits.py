# SPDX-License-Identifier: Apache-2.0
"""Waits: their ends, Ctrl-C, other threads, event loops."""

import asyncio
import select
import signal
import sys
import threading
import time

import pytest

import mapferry


def test_timeout_names_the_time_that_was_asked_for(pair):
    _, reader = pair
    for timeout, words in ((0, "0 ms"), (0.13, "130 ms")):
        with pytest.raises(TimeoutError, match="within " + words) as caught:
            reader.next(timeout)
        assert caught.value.code_name == "timed-out"


@pytest.mark.parametrize("timeout", [-1, float("nan"), -0.001])
def test_timeout_that_is_no_time_is_refused(pair, timeout):
    _, reader = pair
    with pytest.raises(ValueError):
        reader.next(timeout)


def test_wait_does_not_end_before_its_time(pair):
    _, reader = pair
    for wait in (reader.next, reader.latest):
        begin = time.monotonic()
        with pytest.raises(mapferry.TimedOut):
            wait(0.3)
        assert time.monotonic() - begin >= 0.299


def test_frame_that_comes_during_the_wait_is_taken(pair):
    writer, reader = pair
    timer = threading.Timer(0.2, writer.publish_bytes, [b"late"])
    timer.start()
    assert bytes(reader.next(60).view()) == b"late"
    timer.join()


def test_open_waits_for_the_writer(section):
    made = []
    timer = threading.Timer(0.2, lambda: made.append(mapferry.FrameWriter(section)))
    timer.start()
    with mapferry.FrameReader(section, timeout=60):
        timer.join()
    made[0].close()


@pytest.mark.parametrize("kind", [mapferry.FrameReader, mapferry.Reader, mapferry.Buffer])
def test_open_fails_by_name_where_there_is_no_section(section, kind):
    with pytest.raises(FileNotFoundError, match=section):
        kind(section, timeout=0)
    with pytest.raises((mapferry.TimedOut, mapferry.NotFound)):
        kind(section, timeout=0.1)


def test_writer_that_ends_ends_the_iteration(section):
    with mapferry.FrameWriter(section, delivery="each") as writer:
        reader = mapferry.FrameReader(section)
        for number in range(5):
            writer.publish_bytes(bytes([number]))

        def end():
            writer.end()

        thread = threading.Thread(target=end)
        thread.start()
        assert [bytes(frame.view())[0] for frame in reader] == [0, 1, 2, 3, 4]
        thread.join(60)
    assert reader.has_ended
    with pytest.raises(EOFError):
        reader.next(1)
    with pytest.raises(mapferry.StreamEnded):
        reader.try_latest()
    reader.close()


def test_exception_in_the_writers_block_is_told_to_readers(section):
    with pytest.raises(KeyError):
        with mapferry.FrameWriter(section) as writer:
            reader = mapferry.FrameReader(section, successor_timeout=0)
            writer.publish_bytes(b"x")
            raise KeyError("lens cap")
    reader.next(10)
    with pytest.raises(ConnectionError, match="lens cap"):
        reader.next(10)
    reader.close()


def test_successor_of_a_dead_writer_is_followed(script, section):
    text = (
        "import sys, mapferry\n"
        "w = mapferry.FrameWriter(sys.argv[1]); w.publish_bytes(sys.argv[2].encode())\n"
        "print('ready'); sys.stdin.readline(); w.close\n"
    )
    one = script(text, section, "one")
    one.line()
    with mapferry.FrameReader(section) as reader:
        assert bytes(reader.next(10).view()) == b"one"
        one.kill()
        starter = threading.Timer(0.3, lambda: script(text, section, "two"))
        starter.start()
        frame = reader.next(60)
        assert bytes(frame.view()) == b"two" and frame.writer_restarted
        starter.join()


def test_dead_writer_without_a_successor_is_an_error_in_time(script, section):
    one = script("import sys, mapferry\nw = mapferry.FrameWriter(sys.argv[1])\nprint(1)\n"
                 "sys.stdin.readline()\n", section)
    one.line()
    with mapferry.FrameReader(section, successor_timeout=0.2) as reader:
        one.kill()
        with pytest.raises(mapferry.PeerGone):
            reader.next(60)
        with pytest.raises(mapferry.PeerGone):
            reader.next()
        with pytest.raises(mapferry.PeerGone):
            reader.try_next()


def test_ended_writer_is_followed_where_that_is_wanted(section):
    with mapferry.FrameWriter(section) as writer:
        reader = mapferry.FrameReader(section, after_end="follow", successor_timeout=60)
        writer.publish_bytes(b"one")
        reader.next(10)
    with pytest.raises(mapferry.TimedOut):
        reader.next(0.3)
    with mapferry.FrameWriter(section) as writer:
        writer.publish_bytes(b"two")
        assert bytes(reader.next(10).view()) == b"two"
    reader.close()


def test_each_waits_for_its_slowest_reader(section):
    with mapferry.FrameWriter(section, delivery="each", slot_count=4) as writer:
        with mapferry.FrameReader(section) as reader:
            published = 0
            with pytest.raises(TimeoutError, match="slowest reader"):
                while True:
                    writer.publish_bytes(b"x", metadata={"number": published}, timeout=0.2)
                    published += 1
            assert 0 < published <= 4
            numbers = [reader.next(10).json()["number"] for _ in range(published)]
            assert numbers == list(range(published))


def test_wait_for_readers_ends_in_time_and_with_a_reader(section):
    with mapferry.FrameWriter(section) as writer:
        with pytest.raises(TimeoutError, match="1 readers did not come within 150 ms"):
            writer.wait_for_readers(1, 0.15)
        with mapferry.FrameReader(section):
            writer.wait_for_readers(1, 60)
        with pytest.raises(mapferry.UsageError):
            writer.wait_for_readers(17, 0)


CTRL_C_SCRIPT = """
import sys, time, mapferry
name, what = sys.argv[1:]
if what in ("next", "latest", "iteration"):
    writer = mapferry.FrameWriter(name)
    reader = mapferry.FrameReader(name)
    wait = {"next": reader.next, "latest": lambda: reader.latest(60),
            "iteration": lambda: list(reader)}[what]
elif what == "orphan":
    writer = mapferry.FrameWriter(name)
    reader = mapferry.FrameReader(name)
    writer.abort()
    wait = reader.next
elif what == "open":
    wait = lambda: mapferry.FrameReader(name)
elif what == "readers":
    writer = mapferry.FrameWriter(name)
    wait = lambda: writer.wait_for_readers(1)
elif what == "each":
    writer = mapferry.FrameWriter(name, delivery="each")
    reader = mapferry.FrameReader(name)
    def wait():
        while True: writer.publish_bytes(b"x")
elif what == "end":
    writer = mapferry.FrameWriter(name, delivery="each")
    reader = mapferry.FrameReader(name)
    writer.publish_bytes(b"x")
    wait = writer.end
elif what == "lock":
    one = mapferry.Buffer(name, size=10)
    two = mapferry.Buffer(name)
    one.lock()
    wait = two.lock
elif what == "send":
    wait = lambda: mapferry.send(name, b"x", timeout=None)
elif what == "receive":
    wait = lambda: mapferry.receive(name, timeout=None)
elif what == "wait_any":
    writer = mapferry.FrameWriter(name)
    reader = mapferry.FrameReader(name)
    wait = lambda: mapferry.wait_any([reader])
print("waits")
try:
    wait()
except KeyboardInterrupt:
    print(time.monotonic())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("what", [
    "next", "latest", "iteration", "orphan", "open", "readers", "each", "end", "lock", "send",
    "receive", "wait_any",
])
def test_ctrl_c_ends_the_wait(script, section, what):
    one = script(CTRL_C_SCRIPT, section, what)
    assert one.line() == "waits"
    time.sleep(0.3)
    sent = time.monotonic()
    one.process.send_signal(signal.SIGINT)
    lines, code = one.end()
    assert code == 0 and len(lines) == 1
    print(f"{what}: {(float(lines[0]) - sent) * 1000:.0f} ms")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_signal_handler_that_returns_does_not_end_the_wait(pair):
    writer, reader = pair
    seen = []
    before = signal.signal(signal.SIGALRM, lambda *_: seen.append(len(seen)))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
        timer = threading.Timer(0.5, writer.publish_bytes, [b"x"])
        timer.start()
        assert bytes(reader.next(60).view()) == b"x"
        timer.join()
        with pytest.raises(mapferry.TimedOut):
            mapferry.FrameReader("pytest-nobody", timeout=0.3)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(seen) >= 4


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_signal_handler_may_close_what_waits(section):
    writer = mapferry.FrameWriter(section)
    reader = mapferry.FrameReader(section)
    before = signal.signal(signal.SIGALRM, lambda *_: reader.close())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises((mapferry.Interrupted, mapferry.UsageError)):
            reader.next(60)
    finally:
        signal.signal(signal.SIGALRM, before)
    writer.close()


def test_other_threads_run_while_one_waits(pair):
    _, reader = pair
    counts = []

    def count():
        end = time.monotonic() + 0.4
        rounds = 0
        while time.monotonic() < end:
            rounds += 1
        counts.append(rounds)

    thread = threading.Thread(target=count)
    thread.start()
    with pytest.raises(mapferry.TimedOut):
        reader.next(0.4)
    thread.join()
    assert counts[0] > 1000


def test_event_loops_handle_shows_news(pair):
    writer, reader = pair
    if sys.platform != "win32":
        assert select.select([reader], [], [], 0)[0] == []
        writer.publish_bytes(b"x")
        assert select.select([reader], [], [], 60)[0] == [reader]
        assert reader.try_next() is not None
        assert reader.try_next() is None
        assert select.select([reader], [], [], 0)[0] == []


def test_wait_any_returns_the_reader_with_news(section):
    with mapferry.FrameWriter(section) as writer, mapferry.FrameWriter(section + "b") as other:
        with mapferry.FrameReader(section) as one, mapferry.FrameReader(section + "b") as two:
            with pytest.raises(TimeoutError):
                mapferry.wait_any([one, two], 0.1)
            other.publish_bytes(b"x")
            assert mapferry.wait_any([one, two], 60) is two
            two.next(0)
            writer.publish_bytes(b"x")
            assert mapferry.wait_any([one, two], 60) is one


def test_asyncio_reads_frames_while_the_loop_goes_on(section):
    async def read(reader, ticks):
        async def tick():
            while True:
                ticks.append(1)
                await asyncio.sleep(0.01)

        ticker = asyncio.ensure_future(tick())
        frames = []
        async for frame in reader:
            frames.append(bytes(frame.view())[0])
        ticker.cancel()
        return frames

    def publish(writer):
        for number in range(20):
            time.sleep(0.02)
            writer.publish_bytes(bytes([number]), timeout=60)
        writer.end()

    writer = mapferry.FrameWriter(section, delivery="each")
    ticks = []
    with mapferry.FrameReader(section) as reader:
        thread = threading.Thread(target=publish, args=(writer,))
        thread.start()
        assert asyncio.run(read(reader, ticks)) == list(range(20))
        thread.join(60)
    assert len(ticks) > 5


def test_cancelled_asyncio_wait_loses_no_frame(pair):
    writer, reader = pair

    async def run():
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(reader.next_async(), 0.1)
        writer.publish_bytes(b"x")
        frame = await asyncio.wait_for(reader.latest_async(), 60)
        return bytes(frame.view())

    assert asyncio.run(run()) == b"x"


@pytest.mark.parametrize("closes_in_a_thread", [False, True])
def test_close_ends_the_wait_of_a_task(pair, closes_in_a_thread):
    _, reader = pair

    async def run():
        task = asyncio.ensure_future(reader.next_async())
        await asyncio.sleep(0.05)
        if closes_in_a_thread:
            await asyncio.get_running_loop().run_in_executor(None, reader.close)
        else:
            reader.close()
        with pytest.raises((mapferry.UsageError, mapferry.Interrupted)):
            await asyncio.wait_for(task, 60)

    asyncio.run(run())


def test_asyncio_sees_the_death_of_the_writer(script, section):
    one = script("import sys, mapferry\nw = mapferry.FrameWriter(sys.argv[1])\nprint(1)\n"
                 "sys.stdin.readline()\n", section)
    one.line()

    async def run(reader):
        one.kill()
        with pytest.raises(mapferry.PeerGone):
            await asyncio.wait_for(reader.next_async(), 60)

    with mapferry.FrameReader(section, successor_timeout=0.2) as reader:
        asyncio.run(run(reader))
