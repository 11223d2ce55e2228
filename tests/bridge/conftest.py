# SPDX-License-Identifier: Apache-2.0
import faulthandler
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import s3_bridge  # noqa: E402
import s3_store  # noqa: E402

faulthandler.dump_traceback_later(560, exit=True)


@pytest.fixture
def store():
    with s3_store.S3Store() as started:
        yield started


@pytest.fixture
def programs(store, tmp_path):
    made = s3_bridge.Programs(store.environment(), tmp_path)
    yield made
    made.close()
