# SPDX-License-Identifier: Apache-2.0
"""Ways in which a frame comes from one Python process to another.

Each way is made in the parent process and passed to both others. There send(array) sends a frame,
and take() gives the next one as an array, with a function to call when it is done with.
"""

import os
import tempfile
from multiprocessing import shared_memory

import numpy as np


class Mapferry:
    """publish() on one side, next() on the other: a view in the section, every frame delivered."""

    label = "mapferry"
    checksum = "copied"

    def __init__(self, context, shape):
        self.name = f"bench-{os.getpid()}-{os.urandom(4).hex()}"

    def open_sender(self):
        import mapferry

        self.writer = mapferry.FrameWriter(
            self.name, delivery="each", checksum=self.checksum)
        self.writer.wait_for_readers(1, 60)

    def send(self, array):
        self.writer.publish(array)

    def end_sender(self):
        self.writer.end()

    def open_receiver(self):
        import mapferry

        self.reader = mapferry.FrameReader(self.name, timeout=60)

    def take(self):
        frame = self.reader.next(60)
        return frame.array, frame.release

    def end_receiver(self):
        self.reader.close()

    def end(self):
        pass


class MapferryUnchecked(Mapferry):
    """The same without a checksum of each frame: what the way by hand does."""

    label = "mapferry, no checksum"
    checksum = "none"


class Queue:
    """multiprocessing.Queue: pickles the array and passes it through a pipe."""

    label = "multiprocessing.Queue"

    def __init__(self, context, shape):
        self.queue = context.Queue(4)

    def open_sender(self):
        pass

    def send(self, array):
        # The queue's thread pickles it later: the sender's array must not change until then.
        self.queue.put(array.copy())

    def end_sender(self):
        self.queue.close()
        self.queue.join_thread()

    def open_receiver(self):
        pass

    def take(self):
        return self.queue.get(timeout=60), lambda: None

    def end_receiver(self):
        pass

    def end(self):
        pass


class SharedMemory:
    """multiprocessing.shared_memory with one place and two semaphores: what one writes by hand."""

    label = "shared_memory and locks"

    def __init__(self, context, shape):
        self.shape = shape
        self.memory = shared_memory.SharedMemory(create=True, size=int(np.prod(shape)))
        self.free = context.Semaphore(1)
        self.filled = context.Semaphore(0)
        self.name = self.memory.name

    def __getstate__(self):
        return {k: v for k, v in vars(self).items() if k != "memory"}

    def open(self):
        self.mapped = shared_memory.SharedMemory(self.name)
        self.place = np.ndarray(self.shape, "uint8", buffer=self.mapped.buf)

    open_sender = open_receiver = open

    def send(self, array):
        self.free.acquire()
        self.place[:] = array
        self.filled.release()

    def take(self):
        self.filled.acquire()
        return self.place, self.free.release

    def close(self):
        del self.place
        self.mapped.close()

    end_sender = end_receiver = close

    def end(self):
        self.memory.close()
        self.memory.unlink()


class ZeroMq:
    """pyzmq, PUSH and PULL through a Unix socket, without copies where it can."""

    label = "pyzmq"

    def __init__(self, context, shape):
        self.shape = shape
        self.folder = tempfile.mkdtemp()
        self.address = f"ipc://{self.folder}/socket"

    def socket(self, kind):
        import zmq

        self.context = zmq.Context()
        socket = self.context.socket(kind)
        socket.set_hwm(4)
        return socket

    def open_sender(self):
        import zmq

        self.out = self.socket(zmq.PUSH)
        self.out.bind(self.address)

    def send(self, array):
        self.out.send(array.copy(), copy=False)

    def end_sender(self):
        self.out.close()
        self.context.term()

    def open_receiver(self):
        import zmq

        self.into = self.socket(zmq.PULL)
        self.into.connect(self.address)

    def take(self):
        frame = self.into.recv(copy=False)
        return np.frombuffer(frame.buffer, "uint8").reshape(self.shape), lambda: None

    def end_receiver(self):
        self.into.close()
        self.context.term()

    def end(self):
        import shutil

        shutil.rmtree(self.folder)


def all_ways():
    """Those that this machine has."""
    ways = [Mapferry, MapferryUnchecked, SharedMemory, Queue]
    try:
        import zmq  # noqa: F401
    except ImportError:
        return ways
    return ways + [ZeroMq]
