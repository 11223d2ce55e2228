# SPDX-License-Identifier: Apache-2.0
import faulthandler
import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import browser as browsers  # noqa: E402
import serve_rig  # noqa: E402

faulthandler.dump_traceback_later(560, exit=True)


@pytest.fixture
def names():
    """Names of sections of this run, which are gone afterwards."""
    made = []

    def new_name():
        made.append(f"serve-test-{os.getpid()}-{len(made)}-{os.urandom(3).hex()}")
        return made[-1]

    yield new_name
    for name in made:
        subprocess.run([serve_rig.PROGRAMS / "mapferry", "rm", "--force", "-q", name],
                       stderr=subprocess.DEVNULL, check=False)


@pytest.fixture
def new_camera(names):
    cameras = []

    def start(name=None, delivery="latest"):
        cameras.append(serve_rig.Camera(name or names(), delivery))
        return cameras[-1]

    yield start
    for camera in cameras:
        camera.close()


@pytest.fixture
def new_server():
    servers = []

    def start(*words, **more):
        servers.append(serve_rig.Server(*words, **more))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def server(new_server):
    return new_server()


@pytest.fixture(scope="session")
def chromium():
    if not browsers.CHROMIUM or not browsers.DRIVER:
        pytest.skip("there is no chromium with its chromedriver")
    made = browsers.Browser()
    yield made
    made.close()


@pytest.fixture
def browser(chromium):
    """A window of its own, wide and dark."""
    first = chromium.tabs()[0]
    chromium.new_tab()
    chromium.size(1400, 880)
    chromium.scheme("dark")
    yield chromium
    for handle in chromium.tabs():
        if handle != first:
            chromium.to_tab(handle)
            chromium.close_tab()
    chromium.to_tab(first)
