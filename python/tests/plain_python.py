# SPDX-License-Identifier: Apache-2.0
"""A run through the package for any CPython from 3.8 on, without numpy and pytest.

Prints "ok", the version of Python, and how many checks passed.
"""

import array
import os
import pickle
import sys
import threading

sys.modules["numpy"] = None  # also where it is installed

import mapferry  # noqa: E402

checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        raise SystemExit("failed: " + what)


def raises(kind, call):
    try:
        call()
    except kind:
        return True
    return False


def frames(name):
    with mapferry.FrameWriter(name) as writer, mapferry.FrameReader(name, timeout=10) as reader:
        writer.publish_bytes(b"hello", metadata={"a": 1})
        frame = reader.next(10)
        view = frame.view()
        check(bytes(view) == b"hello" and view.readonly and view[1] == ord("e"), "view")
        check(frame.json() == {"a": 1}, "metadata")
        check(raises(ImportError, lambda: frame.array), "arrays need numpy")
        check(raises(TypeError, lambda: pickle.dumps(frame)), "no pickle of a frame")
        frame.release()
        del frame
        numbers = memoryview(array.array("f", range(6))).cast("B").cast("f", (2, 3))
        writer.publish(numbers)
        frame = reader.next(10)
        check(frame.shape == (2, 3), "shape of a tensor")
        check(frame.view().cast("f")[5] == 5.0, "numbers of a tensor")
        writer.publish(memoryview(bytes(range(24))).cast("B", (2, 4, 3)))
        frame = reader.next(10)
        check(frame.format == "BGR24" and frame.to("RGB24")[:3] == b"\2\1\0", "convert")
        check(frame.copy_bytes() == bytes(range(24)), "copy")
        if sys.version_info >= (3, 12):
            check(bytes(memoryview(frame)) == bytes(range(24)), "buffer protocol")
        del frame
        with writer.loan((2, 4, 3), "BGR24") as target:
            check(isinstance(target, memoryview), "a loan is a memoryview")
            target[:] = b"x" * 24
        for _ in range(40):
            writer.publish_bytes(b"other")
        check(bytes(view) == b"hello", "a view keeps its frame")
        while reader.try_latest() is not None:
            pass
        check(raises(TimeoutError, lambda: reader.next(0.12)), "time out")
    with mapferry.FrameWriter(name, delivery="each") as writer:
        reader = mapferry.FrameReader(name, timeout=10)
        for number in range(100):
            writer.publish_bytes(bytes([number]))
            check(bytes(reader.next(10).view()) == bytes([number]), "each")
        thread = threading.Thread(target=writer.end)
        thread.start()
        check(list(reader) == [], "the end")
        thread.join()
        reader.close()


def others(name):
    with mapferry.Buffer(name, size=10) as buffer:
        with buffer.lock(10) as held:
            held[2:4] = b"ab"
            held.view()[4] = 5
        check(buffer[:] == b"\0\0ab\5\0\0\0\0\0", "buffer")
        check(pickle.loads(pickle.dumps(buffer))[2:4] == b"ab", "pickle of a buffer")
    mapferry.rm(name)
    mapferry.keep(name, b"payload", name="x")
    check(name in mapferry.ls() and mapferry.info(name)["name"] == name, "ls, info")
    check(mapferry.receive(name) == b"payload", "receive")
    with mapferry.Reader(name) as reader:
        view = reader.next(10).view()
    check(bytes(view) == b"payload", "a view outlives its reader")
    check(mapferry.receive(name, consume=True) == b"payload", "consume")
    check(raises(FileNotFoundError, lambda: mapferry.rm(name)), "rm")
    sender = threading.Thread(target=mapferry.send, args=(name, b"x" * 1000000))
    sender.start()
    check(mapferry.receive(name) == b"x" * 1000000, "send")
    sender.join()


def fork(name):
    writer = mapferry.FrameWriter(name)
    reader = mapferry.FrameReader(name, timeout=10)
    writer.publish_bytes(b"mine")
    frame = reader.next(10)
    view = frame.view()
    child = os.fork()
    if child == 0:
        status = 0 if raises(mapferry.UsageError, reader.try_next) else 1
        frame.release()
        del view
        reader.close()
        writer.close()
        os._exit(status)
    check(os.waitpid(child, 0)[1] == 0, "the child of a fork is refused")
    for _ in range(40):
        writer.publish_bytes(b"next")
    check(bytes(view) == b"mine", "a fork takes no frame away")
    reader.close()
    writer.end()


section = "plain-%d-%s" % (os.getpid(), os.urandom(4).hex())
frames(section)
others(section)
if hasattr(os, "fork"):
    fork(section)
check([name for name in mapferry.ls() if name.startswith(section)] == [], "nothing is left")
print("ok", sys.version.split()[0], checks)
