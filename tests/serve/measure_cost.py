# SPDX-License-Identifier: Apache-2.0
"""What `mapferry serve` costs a camera of 1080p60 and this machine, with one viewer: a program that
draws at once. Run it on an idle machine:

    PYTHONPATH=python MAPFERRY_LIBRARY=... MAPFERRY_PROGRAMS=build/release/bin \\
        python3 tests/serve/measure_cost.py
"""
import os
import threading
import time

import serve_rig

SIZE = {"pattern": "scene", "width": 1920, "height": 1080, "fps": 60, "count": 360}


class Viewer(threading.Thread):
    """Draws each picture as soon as it is there."""

    def __init__(self, server, name, **settings):
        super().__init__()
        self.stream = serve_rig.Stream(server)
        self.stream.order("set", pane=0, **settings)
        self.stream.order("show", pane=0, section=name)
        self.frames, self.bytes, self.is_over = 0, 0, False
        self.start()

    def run(self):
        while not self.is_over:
            message = self.stream.message()
            if message["kind"] == "frame":
                self.frames += 1
                self.bytes += len(message["body"])
                self.stream.order("drawn", pane=0, message=message["message"])
        self.stream.close()


def main():
    server = serve_rig.Server()
    camera = serve_rig.Camera(f"cost-{os.getpid()}")
    try:
        camera.tell(do="time", **{**SIZE, "count": 60})
        for what, settings in [("nobody looks", None), ("JPEG, 15/s", {"rate": 15}),
                               ("nobody looks", None), ("JPEG, 15/s", {"rate": 15}),
                               ("JPEG, 15/s, histogram", {"rate": 15, "statistics": 1}),
                               ("JPEG, 30/s", {"rate": 30}), ("JPEG, 60/s", {"rate": 60}),
                               ("PNG, 15/s", {"rate": 15, "format": "png"})]:
            viewer = Viewer(server, camera.name, **settings) if settings else None
            begin_s, processor_s = time.monotonic(), server.processor_s()
            publishing = camera.tell(do="time", **SIZE)
            seconds = time.monotonic() - begin_s
            load = (server.processor_s() - processor_s) / seconds
            seen = ""
            if viewer:
                viewer.is_over = True
                viewer.join()
                seen = (f", {viewer.frames / seconds:.1f} frames/s of "
                        f"{viewer.bytes / viewer.frames / 1e3:.0f} kB")
            print(f"{what}: serve takes {load * 100:.1f} % of a processor{seen}; publishing takes "
                  f"{publishing} us (median, 99th percentile)", flush=True)
    finally:
        camera.close()
        server.stop()


if __name__ == "__main__":
    main()
