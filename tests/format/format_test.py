# SPDX-License-Identifier: Apache-2.0
"""format_test.py SCENE PROGRAMS_FOLDER PAGE: plays one scene."""

import os
import tempfile

import frame_scenes
import scene_tools
import stream_scenes
import writer_scenes

for scenes in frame_scenes, stream_scenes, writer_scenes:
    scene = vars(scenes).get(scene_tools.SCENE)
    if scene:
        break
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    try:
        scene()
    finally:
        scene_tools.clean_up()
