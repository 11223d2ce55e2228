# SPDX-License-Identifier: Apache-2.0
"""The examples run, and say what is true."""

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import mapferry

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples/python"


class Example:
    def __init__(self, name, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, str(EXAMPLES / name), *arguments],
            stdout=subprocess.PIPE, universal_newlines=True)

    def lines(self):
        output, _ = self.process.communicate(timeout=100)
        assert self.process.returncode == 0
        return output.splitlines()


@pytest.fixture
def example():
    started = []

    def start(*arguments):
        started.append(Example(*arguments))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()


def test_camera_and_opencv_meet(example, section):
    looking = example("camera_to_opencv.py", section, "5")
    example("camera.py", section)
    lines = looking.lines()
    assert len(lines) == 5
    assert all("brightness" in line and "edge pixels" in line for line in lines)
    # The bar is there: two edges of 480 rows, unless it stands at the border.
    assert any(int(line.split(", ")[-1].split()[0]) >= 480 for line in lines)


def test_camera_ends_after_its_frames(example, section):
    one = example("camera.py", section, "3")
    with mapferry.FrameReader(section) as reader:
        last = None
        for frame in reader:
            last = (frame.sequence, frame.captured_ns is not None, frame.array.shape)
            frame.release()
            del frame
    assert last == (2, True, (480, 640, 3))
    assert one.lines() == []


def test_model_server_answers_each_picture(example, section):
    with mapferry.FrameWriter(section, delivery="each") as pictures:
        server = example("model_server.py", section, section + "-answers")
        with mapferry.FrameReader(section + "-answers") as answers:
            pictures.wait_for_readers(1, 60)
            rng = np.random.default_rng(2)
            for number in range(5):
                image = rng.integers(0, 255, (64, 80, 3), dtype="uint8")
                pictures.publish(image, captured_ns=1000 + number, timeout=60)
                answer = answers.next(60)
                assert answer.source_number == number and answer.captured_ns == 1000 + number
                assert answer.array.shape == (10,) and answer.array.dtype == "float32"
                assert answer.json() == {"missed": 0}
            del answer
            thread = threading.Thread(target=pictures.end)
            thread.start()
            with pytest.raises(EOFError):
                answers.next(60)
            thread.join(60)
    assert server.lines() == []


def test_workers_share_one_frame(example, section):
    image = (np.arange(480 * 640) % 253).astype("uint8").reshape(480, 640)
    with mapferry.FrameWriter(section) as writer:
        writer.publish(image)
        lines = example("pool.py", section, "3").lines()
    mean = f"{image.mean():.3f}"
    assert lines == [f"mean of 8 bands by 3 workers: {mean}, of the whole frame: {mean}"]
