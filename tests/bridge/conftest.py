# SPDX-License-Identifier: Apache-2.0
import faulthandler
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import bridge_programs  # noqa: E402
import nats_server  # noqa: E402
import s3_store  # noqa: E402

faulthandler.dump_traceback_later(560, exit=True)


@pytest.fixture
def store():
    with s3_store.S3Store() as started:
        yield started


@pytest.fixture
def programs(store, tmp_path):
    with bridge_programs.Programs(store.environment(), tmp_path) as made:
        yield made


@pytest.fixture
def nats(tmp_path):
    if nats_server.PROGRAM is None:
        pytest.skip("nats-server is not installed")
    with nats_server.NatsServer(tmp_path / "nats") as started:
        yield started


@pytest.fixture
def nats_programs(tmp_path):
    with bridge_programs.Programs({}, tmp_path) as made:
        yield made
