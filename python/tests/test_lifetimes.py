# SPDX-License-Identifier: Apache-2.0
"""No array ever shows memory that is gone, whatever is released, closed or ended first."""

import gc
import os
import pickle
import sys
import threading
import weakref

import numpy as np
import pytest

import mapferry

# More frames than a section has slots: without its lease, a frame would be overwritten.
MANY = 40


def publish_many(writer, size=1000):
    for number in range(MANY):
        writer.publish_bytes(bytes([number + 100]) * size)


def test_array_is_in_place_and_cannot_be_written_to(pair):
    writer, reader = pair
    writer.publish(np.ones((48, 64), "uint8"))
    array = reader.next(10).array
    assert not array.flags.writeable and not array.flags.owndata
    with pytest.raises(ValueError):
        array[0] = 1
    with pytest.raises(ValueError):
        array.flags.writeable = True
    place = "{:x}-".format(array.ctypes.data >> 12 << 12)
    if sys.platform == "linux":
        with open("/proc/self/maps") as maps:
            lines = [line for line in maps if "/dev/shm/mapferry." in line and " r--s " in line]
        starts = [tuple(int(x, 16) for x in line.split()[0].split("-")) for line in lines]
        assert any(start <= array.ctypes.data < end for start, end in starts), place


@pytest.mark.parametrize("keep", [
    lambda frame: frame,
    lambda frame: frame.array,
    lambda frame: frame.array[:, 10:20],
    lambda frame: np.asarray(frame.array[::3]).reshape(-1)[1:],
    lambda frame: frame.view(),
    lambda frame: frame.view()[5:9],
    lambda frame: memoryview(frame.array),
    lambda frame: np.frombuffer(frame.view(), "uint8"),
    lambda frame: np.asarray(frame),
    lambda frame: frame.planes,
    lambda frame: weakref.WeakValueDictionary(a=frame)["a"],
])
def test_what_is_kept_of_a_frame_keeps_its_bytes(pair, keep):
    writer, reader = pair
    writer.publish(np.full((1, 1000), 7, "uint8"))
    frame = reader.next(10)
    kept = keep(frame)
    if kept is not frame:
        frame.release()
    del frame
    gc.collect()
    publish_many(writer)
    parts = kept if isinstance(kept, tuple) else (kept,)
    for part in parts:
        data = part.view() if isinstance(part, mapferry.Frame) else part
        assert set(np.asarray(data).reshape(-1).tolist()) == {7}


def test_reader_has_four_frames_until_one_goes(pair):
    writer, reader = pair
    arrays = []
    for _ in range(4):
        writer.publish(np.zeros((2, 2), "uint8"))
        arrays.append(reader.next(10).array[1:])
    writer.publish(np.zeros((2, 2), "uint8"))
    with pytest.raises(mapferry.UsageError):
        reader.next(10)
    del arrays[0]
    assert reader.next(10).sequence == 4


def test_released_frame_tells_its_facts_but_not_its_bytes(pair):
    writer, reader = pair
    writer.publish(np.zeros((2, 3), "uint8"), metadata="x")
    with reader.next(10) as frame:
        pass
    assert frame.released and (frame.width, frame.format, frame.sequence) == (3, "GRAY8", 0)
    for use in (lambda: frame.array, frame.view, frame.copy, frame.copy_bytes, frame.verify,
                lambda: frame.metadata, lambda: frame.planes, lambda: frame.to("BGR24"),
                lambda: np.asarray(frame.array)):
        with pytest.raises(mapferry.UsageError):
            use()
    frame.release()


def test_frames_outlive_reader_and_writer(section):
    writer = mapferry.FrameWriter(section)
    reader = mapferry.FrameReader(section)
    writer.publish(np.full((3, 4), 9, "uint8"))
    frame = reader.next(10)
    array = frame.array
    reader.close()
    writer.end()
    gc.collect()
    assert array.sum() == 9 * 12
    assert frame.copy().sum() == 9 * 12 and frame.to("BGR24").shape == (3, 4, 3)
    del frame, reader, writer
    gc.collect()
    assert array.sum() == 9 * 12


def test_array_outlives_an_exception_and_its_traceback(pair):
    writer, reader = pair
    writer.publish(np.full((3, 4), 9, "uint8"))

    def fails():
        array = reader.next(10).array
        raise ValueError(array)

    try:
        fails()
    except ValueError as error:
        array = error.args[0]
    publish_many(writer)
    assert array.sum() == 9 * 12


def test_frames_pass_through_threads(pair):
    writer, reader = pair
    sums = []
    for _ in range(3):
        writer.publish(np.full((3, 4), 9, "uint8"))
        frame = reader.next(10)
        thread = threading.Thread(target=lambda f: sums.append(f.array.sum()), args=(frame,))
        del frame
        thread.start()
        publish_many(writer)
        while reader.try_latest() is not None:
            pass
        thread.join()
    assert sums == [9 * 12] * 3


@pytest.mark.parametrize("sizes", [(100, 8 << 20, 40 << 20), (8 << 20, 100, 9 << 20)])
def test_array_of_a_loan_finds_memory_after_larger_frames(section, sizes):
    """A slot is mapped anew for a larger frame: the old map must stay for an old array."""
    with mapferry.FrameWriter(section) as writer:
        views, arrays = [], []
        for size in sizes:
            for _ in range(6):
                loan = writer.loan(size)
                views.append(loan.view())
                arrays.append(loan.array)
                loan.publish()
    gc.collect()
    for view, array in zip(views, arrays):
        view[0] = view[-1] = 5
        assert array[0] == array[-1] == 5


def test_loans_outlive_their_writer(section):
    writer = mapferry.FrameWriter(section)
    loan = writer.loan((4, 4), "uint8")
    array = loan.array
    writer.close()
    array[:] = 3
    with pytest.raises(mapferry.UsageError):
        loan.publish()
    loan.drop()
    assert array.sum() == 48


def test_loan_that_is_forgotten_frees_its_slot(section):
    with mapferry.FrameWriter(section, slot_count=4) as writer:
        for _ in range(20):
            writer.loan((4, 4), "uint8")
        writer.publish_bytes(b"x")


def test_buffers_array_finds_memory_after_unlock_and_close(section):
    buffer = mapferry.Buffer(section, size=5000)
    with buffer.lock(10) as held:
        array, view = held.array("uint32"), held.view()
        array[:] = 7
    buffer.close()
    gc.collect()
    assert array.sum() == 7 * 1250 and view[0] == 7
    with mapferry.Buffer(section) as other:
        with other.lock(10):
            pass  # the array does not keep the lock


def test_kept_payload_stays_in_place_after_its_reader(section):
    mapferry.keep(section, b"kept" * 1000)
    with mapferry.Reader(section) as reader:
        view = reader.next(10).view()
    mapferry.rm(section)
    gc.collect()
    assert bytes(view) == b"kept" * 1000
    with pytest.raises(TypeError):
        view[0] = 1


def test_closed_objects_refuse_everything(section):
    writer = mapferry.FrameWriter(section)
    reader = mapferry.FrameReader(section)
    reader.close()
    reader.close()
    writer.close()
    writer.close()
    assert reader.closed and writer.closed
    for use in (lambda: reader.next(0), reader.try_next, reader.fileno, lambda: reader.description,
                lambda: reader.facts, lambda: writer.publish_bytes(b"x"), lambda: writer.loan(5),
                writer.end, writer.check, lambda: writer.frames, lambda: writer.describe("x"),
                lambda: writer.wait_for_readers(1, 0)):
        with pytest.raises(mapferry.UsageError, match="closed"):
            use()
    with pytest.raises(mapferry.UsageError):
        next(iter(reader))


def test_close_ends_a_wait_of_another_thread(pair):
    _, reader = pair
    errors = []

    def wait():
        try:
            reader.next()
        except mapferry.MapferryError as error:
            errors.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    reader.close()
    thread.join(60)
    assert not thread.is_alive()
    assert len(errors) == 1 and isinstance(errors[0], (mapferry.Interrupted, mapferry.UsageError))


def test_interrupt_ends_a_wait_of_another_thread(pair):
    _, reader = pair
    errors = []

    def wait():
        try:
            reader.next()
        except InterruptedError as error:
            errors.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    reader.interrupt()
    thread.join(60)
    assert not thread.is_alive() and len(errors) == 1


def test_many_threads_share_a_reader_and_close_it(section):
    with mapferry.FrameWriter(section, delivery="each") as writer:
        reader = mapferry.FrameReader(section)
        numbers = []

        def take():
            try:
                while True:
                    numbers.append(reader.next().sequence)
            except mapferry.MapferryError:
                pass

        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(300):
            writer.publish_bytes(b"x", timeout=60)
        writer.end()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()
        reader.close()
    assert sorted(numbers) == list(range(300))


def test_frames_and_writers_refuse_to_be_pickled(pair):
    writer, reader = pair
    writer.publish_bytes(b"x")
    frame = reader.next(10)
    for thing in (frame, writer, writer.loan(5)):
        with pytest.raises(TypeError):
            pickle.dumps(thing)
    assert pickle.loads(pickle.dumps(frame.copy())).tolist() == [ord("x")]


def test_pickled_reader_opens_the_section_anew(pair):
    writer, reader = pair
    other = pickle.loads(pickle.dumps(reader))
    writer.publish_bytes(b"x")
    assert bytes(reader.next(10).view()) == bytes(other.next(10).view()) == b"x"
    other.close()


def test_pickled_buffer_opens_the_section_anew(section):
    with mapferry.Buffer(section, size=10) as buffer:
        with pickle.loads(pickle.dumps(buffer)) as other:
            buffer[0:2] = b"hi"
            assert other[0:2] == b"hi"


def test_exceptions_can_be_pickled():
    with pytest.raises(mapferry.NotFound) as caught:
        mapferry.FrameReader("pytest-nobody", timeout=0)
    error = pickle.loads(pickle.dumps(caught.value))
    assert type(error) is mapferry.NotFound and str(error) == str(caught.value)
    assert (error.code, error.hint) == (caught.value.code, caught.value.hint)


EXIT_SCRIPT = """
import sys, mapferry
name = sys.argv[1]
writer = mapferry.FrameWriter(name)
reader = mapferry.FrameReader(name)
reader.fileno()
buffer = mapferry.Buffer(name + "-b", size=100)
lock = buffer.lock()
place = lock.view()
writer.publish_bytes(b"x" * 1000)
frame = reader.next(5)
view = frame.view()
loan = writer.loan(1000)
lent = loan.view()
class Late:
    def __del__(self):
        view[0], lent[0], place[0]
        print("late", bytes(view[:1]))
sys.late = Late()
mapferry.rm(name + "-b", force=True)
"""


def test_interpreter_ends_in_order_with_everything_open(script, section):
    one = script(EXIT_SCRIPT, section)
    lines, code = one.end()
    assert code == 0 and lines in ([], ["late b'x'"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")
class TestFork:
    def child(self, work):
        """Runs `work` in a child that ends as a program does, with all finalizers."""
        code = (
            "import os, sys, gc, mapferry, numpy as np\n"
            "name = sys.argv[1]\n"
            "writer = mapferry.FrameWriter(name)\n"
            "reader = mapferry.FrameReader(name)\n"
            "writer.publish(np.full((10, 100), 7, 'uint8'))\n"
            "frame = reader.next(5)\n"
            "array = frame.array\n"
            "loan = writer.loan((5, 5), 'uint8')\n"
            "lent = loan.array\n"
            "child = os.fork()\n"
            "if child == 0:\n"
            "    def refused(call):\n"
            "        try: call()\n"
            "        except mapferry.UsageError: return\n"
            "        raise SystemExit(3)\n"
            f"    {work}\n"
            "    del frame, array, loan, lent, reader, writer\n"
            "    gc.collect()\n"
            "    sys.exit(0)\n"
            "status = os.waitpid(child, 0)[1]\n"
            "print(status)\n"
            "for n in range(40): writer.publish(np.full((10, 100), 100 + n, 'uint8'))\n"
            "print(set(array.reshape(-1).tolist()))\n"
            "with mapferry.FrameReader(name, timeout=5) as late: print(late.next(5).array[0, 0])\n"
            "lent[:] = 4\n"
            "loan.publish()\n"
            "print(reader.latest(5).array[0, 0])\n"
        )
        return code

    @pytest.mark.parametrize("work", [
        "pass",
        "frame.release(); del array; array = None",
        "reader.close(); writer.close(); loan.drop()",
        "refused(reader.try_next); refused(lambda: writer.publish_bytes(b'x'))",
        "refused(writer.end); refused(loan.publish); refused(lambda: reader.next(1))",
        "refused(frame.copy)",
        "os._exit(0)",
    ])
    def test_child_takes_nothing_from_its_parent(self, script, section, work):
        lines, code = script(self.child(work), section).end()
        assert code == 0
        assert lines == ["0", "{7}", "139", "4"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")
def test_child_may_leave_the_blocks_of_its_parent(script, section):
    lines, code = script(
        "import os, sys, mapferry\n"
        "name = sys.argv[1]\n"
        "with mapferry.FrameWriter(name) as writer, mapferry.FrameReader(name) as reader:\n"
        "    with mapferry.Buffer(name + '-b', size=10) as buffer, buffer.lock():\n"
        "        writer.publish_bytes(b'x')\n"
        "        child = os.fork()\n"
        "        if child != 0:\n"
        "            print(os.waitpid(child, 0)[1], buffer.locked)\n"
        "            print(bytes(reader.next(5).view()), writer.readers)\n"
        "            mapferry.rm(name + '-b', force=True)\n", section).end()
    assert (lines, code) == (["0 True", "b'x' 1"], 0)


SPAWN_SCRIPT = """
import sys, multiprocessing, mapferry

def work(reader):
    return bytes(reader.latest(10).view())

if __name__ == "__main__":
    name, method = sys.argv[1:]
    context = multiprocessing.get_context(method)
    with mapferry.FrameWriter(name) as writer, mapferry.FrameReader(name) as reader:
        writer.publish_bytes(b"for all")
        with context.Pool(2) as pool:
            print(pool.map(work, [reader] * 4))
"""


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_workers_open_a_pickled_reader(section, tmp_path, method):
    import subprocess

    file = tmp_path / "pool_program.py"
    file.write_text(SPAWN_SCRIPT)
    done = subprocess.run([sys.executable, str(file), section, method], timeout=100,
                          stdout=subprocess.PIPE, universal_newlines=True)
    assert done.returncode == 0 and done.stdout.strip() == str([b"for all"] * 4)


def test_resource_tracker_is_not_used(script, section):
    lines, code = script(
        "import sys, mapferry\n"
        "w = mapferry.FrameWriter(sys.argv[1])\n"
        "print('multiprocessing.resource_tracker' in sys.modules)\n", section).end()
    assert (lines, code) == (["False"], 0)


def test_thousand_frames_leave_no_growth(pair):
    """What lives after many frames is what lived after few."""
    writer, reader = pair

    writer.publish_bytes(b"x")
    reader.next(10)

    def pass_frames(count):
        for _ in range(count):
            writer.publish(np.zeros((10, 10), "uint8"), metadata={"a": 1})
            with writer.loan((4, 4), "uint8") as target:
                target[:] = 1
            for frame in (reader.next(10), reader.next(10)):
                frame.array, frame.view(), frame.copy(), frame.metadata
            del frame, target
        gc.collect()
        return len(gc.get_objects())

    pass_frames(50)
    before = pass_frames(50)
    assert pass_frames(1000) <= before + 20
