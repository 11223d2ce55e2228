# SPDX-License-Identifier: Apache-2.0
"""What pyproject.toml cannot say: the version, and a wheel with a library but no Python version."""

import os
import re
from pathlib import Path

from setuptools import Distribution, setup
from wheel.bdist_wheel import bdist_wheel

HERE = Path(__file__).resolve().parent


def version() -> str:
    """That of the whole project: from CMakeLists.txt, or from VERSION in a copy of this folder."""
    copied = HERE / "VERSION"
    if copied.exists():
        return copied.read_text().strip()
    text = (HERE.parent / "CMakeLists.txt").read_text()
    found = re.search(r"project\(mapferry VERSION ([0-9.]+)", text)
    if found is None:
        raise SystemExit("setup.py: CMakeLists.txt has no version")
    return found.group(1)


class WithLibrary(Distribution):
    """A shared library belongs into platlib, though no module is compiled."""

    def has_ext_modules(self) -> bool:
        return True


class Wheel(bdist_wheel):
    """Any CPython 3: the package calls the library through ctypes."""

    def get_tag(self):
        platform = os.environ.get("MAPFERRY_WHEEL_PLATFORM") or super().get_tag()[2]
        return "py3", "none", platform


setup(version=version(), distclass=WithLibrary, cmdclass={"bdist_wheel": Wheel})
