# SPDX-License-Identifier: Apache-2.0
"""A camera of the tests, as a process of its own: camera.py NAME DELIVERY. It reads commands from
standard input, one a line, as JSON, and answers each with a line.

    {"do": "frame", "pattern": "bgr", "width": 64, "height": 48, "number": 1, ...}
    {"do": "run", "pattern": "number", "width": 64, "height": 48, "fps": 60}   until the next line
    {"do": "array", "shape": [4, 6], "dtype": "float32", "values": [...]}
    {"do": "file", "path": "a.jpg", "width": 64, "height": 48, "format": "JPEG"}
    {"do": "time", "pattern": "scene", "width": 1920, "height": 1080, "fps": 60, "count": 300}
                     the median and the 99th percentile of the time that publishing took, in us
    {"do": "rest"}   has no answer of its own: it ends "run", which answers
    {"do": "end"}
"""
import json
import select
import sys
import time

import mapferry
import numpy

import patterns


def publish(writer, command, number):
    notes = {key: command[key] for key in ("captured_ns", "clock", "source_number", "metadata",
                                           "content_type") if key in command}
    if command.get("skip"):
        writer.skip(command["skip"])
    if command["pattern"] == "heat":
        picture = patterns.heat(command["width"], command["height"], number)
        return writer.publish(picture, format="GRAYF32", **notes)
    data, name, _ = patterns.frame(command["pattern"], command["width"], command["height"], number)
    return writer.publish_bytes(data, size=(command["width"], command["height"]), format=name,
                                **notes)


def run(writer, command):
    """Publishes at its pace. The frames repeat after `cycle` numbers, as making them takes time."""
    number, next_s = 0, time.monotonic()
    made = {}
    cycle = command.get("cycle", 0)
    while not select.select([sys.stdin], [], [], max(0, next_s - time.monotonic()))[0]:
        shown = number % cycle if cycle else number
        if shown not in made:
            if not cycle:
                made.clear()
            made[shown] = patterns.frame(command["pattern"], command["width"], command["height"],
                                         shown)
        data, name, _ = made[shown]
        writer.publish_bytes(data, size=(command["width"], command["height"]), format=name,
                             captured_ns=time.time_ns())
        number += 1
        next_s += 1 / command["fps"]
    return number


def publishing_us(writer, command):
    frames = [patterns.frame(command["pattern"], command["width"], command["height"], i * 5)
              for i in range(4)]
    taken, next_s = [], time.monotonic()
    for i in range(command["count"]):
        data, name, _ = frames[i % len(frames)]
        time.sleep(max(0, next_s - time.monotonic()))  # the camera's pace
        begin = time.perf_counter()
        writer.publish_bytes(data, size=(command["width"], command["height"]), format=name)
        taken.append((time.perf_counter() - begin) * 1e6)
        next_s += 1 / command["fps"]
    return " ".join(f"{value:.0f}" for value in numpy.percentile(taken, (50, 99)))


def main():
    name, delivery = sys.argv[1], sys.argv[2]
    writer = mapferry.FrameWriter(name, delivery=delivery)
    for line in sys.stdin:
        command = json.loads(line)
        if command["do"] == "end":
            break
        if command["do"] == "rest":
            continue
        if command["do"] == "array":
            array = numpy.array(command["values"], command["dtype"]).reshape(command["shape"])
            answer = writer.publish(array, as_tensor=True)
        elif command["do"] == "file":
            with open(command["path"], "rb") as file:
                answer = writer.publish_bytes(file.read(), size=(command["width"],
                                                                 command["height"]),
                                              format=command["format"])
        elif command["do"] == "time":
            answer = publishing_us(writer, command)
        elif command["do"] == "run":
            print("running", flush=True)
            answer = run(writer, command)
        else:
            answer = publish(writer, command, command.get("number", 0))
        print(answer, flush=True)
    writer.end()


if __name__ == "__main__":
    main()
