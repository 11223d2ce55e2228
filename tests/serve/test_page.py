# SPDX-License-Identifier: Apache-2.0
"""The page in a real Chromium: pictures, their samples, and what the viewer does with them."""
import numpy
import pytest

import patterns
from page import Page
from serve_rig import wait_until


@pytest.fixture
def page(server, browser):
    yield Page(browser, server)
    assert browser.errors() == []


def show_one(page, camera, pattern, width=64, height=48, number=3):
    """A camera's one frame, without loss: its bytes and the pixels on the canvas, 1:1."""
    sequence = camera.frame(pattern, width, height, number)
    page.view(camera)
    page.wait_sequence(sequence)
    data, _, rgb = patterns.frame(pattern, width, height, number)
    return data, rgb, page.one_to_one()


def test_camera_appears_in_the_table_and_opens(page, new_camera):
    camera = new_camera()
    camera.run("bgr", 64, 48, 30, cycle=4)
    page.open("")
    row = f'tr[data-name="{camera.name}"]'
    page.browser.wait("return Number(document.querySelector(args[0] + ' .frames')?.textContent) > 5",
                      "a rate", row)
    assert "64x48 BGR24" in page.browser.text(f"{row} .what")
    page.browser.wait("return document.querySelector(args[0] + ' .frames polyline')", "a line", row)
    page.browser.click(f"{row} .name a")
    page.wait_frame("header.width === 64 && header.height === 48")
    assert camera.rest() > 5


@pytest.mark.parametrize("pattern", ["bgr", "grey"])
def test_pixels_without_loss_are_those_of_the_frame(page, new_camera, pattern):
    _, rgb, shown = show_one(page, new_camera(), pattern)
    numpy.testing.assert_array_equal(shown, rgb)


def test_zoom_shows_each_pixel_as_a_square(page, new_camera):
    _, rgb, _ = show_one(page, new_camera(), "bgr", 40, 30)
    page.browser.run("window.mapferry.panes[0].picture.zoomTo(8)")
    numpy.testing.assert_array_equal(page.pixels(), rgb.repeat(8, axis=0).repeat(8, axis=1))


def test_zoom_stays_at_the_pointer_and_a_drag_moves(page, new_camera):
    # Larger than its canvas: a smaller one is in the middle.
    show_one(page, new_camera(), "number", 1600, 1100)
    page.point(700, 500)
    page.browser.run("""
        const { canvas } = window.mapferry.panes[0];
        const box = canvas.getBoundingClientRect();
        const pane = window.mapferry.panes[0];
        const x = box.left + (pane.picture.left + 700.5) / devicePixelRatio;
        const y = box.top + (pane.picture.top + 500.5) / devicePixelRatio;
        window.place = [x, y];
        for (let i = 0; i < 5; ++i)
            canvas.dispatchEvent(new WheelEvent("wheel",
                { deltaY: -100, clientX: x, clientY: y, cancelable: true }));""")
    under = "return window.mapferry.panes[0].picture.pixelAt(...window.place)"
    assert page.browser.run(under) == {"x": 700, "y": 500}
    assert page.browser.run("return window.mapferry.panes[0].picture.scale") == 8
    x, y = page.browser.run("return window.place")
    page.browser.drag((x, y), (x + 40, y + 16))
    assert page.browser.run(under) == {"x": 695, "y": 498}


def test_values_are_all_bits_that_the_camera_sent(page, new_camera):
    camera = new_camera()
    show_one(page, camera, "grey12")
    grey = patterns.samples(64, 48, 1, 12, 3)
    assert page.values(5, 7) == f"(5, 7)  grey {grey[7, 5, 0]}"
    sequence = camera.frame("rgb48", 64, 48, 9)
    page.wait_sequence(sequence)
    red, green, blue = patterns.samples(64, 48, 3, 16, 9)[20, 33]
    assert page.values(33, 20) == f"(33, 20)  R {red}  G {green}  B {blue}"
    sequence = camera.frame("bayer10", 64, 48, 2)
    page.wait_sequence(sequence)
    raw = patterns.samples(64, 48, 1, 10, 2)
    assert page.values(11, 10) == f"(11, 10)  G {raw[10, 11, 0]}"
    assert page.values(11, 11) == f"(11, 11)  B {raw[11, 11, 0]}"


def test_values_follow_the_frames_under_a_pointer_that_rests(page, new_camera):
    camera = new_camera()
    show_one(page, camera, "grey")
    page.values(4, 4)
    camera.frame("grey", 64, 48, 8)
    wanted = patterns.samples(64, 48, 1, 8, 8)[4, 4, 0]
    page.browser.wait("return window.mapferry.panes[0].values.textContent === args[0]", "a value",
                      f"(4, 4)  grey {wanted}")


def test_histogram_and_extremes_are_those_of_every_sample(page, new_camera):
    show_one(page, new_camera(), "bgr", 160, 120)
    found = page.statistics()
    assert [channel["name"] for channel in found["channels"]] == ["R", "G", "B"]
    samples = patterns.samples(160, 120, 3, 8, 3)
    for index, channel in enumerate(found["channels"]):
        of_channel = samples[:, :, index]
        assert channel["min"] == of_channel.min() and channel["max"] == of_channel.max()
        assert channel["mean"] == pytest.approx(of_channel.mean())
        assert channel["bins"] == numpy.bincount(of_channel.ravel(), minlength=256).tolist()
    cells = page.browser.run("return [...document.querySelectorAll('.statistics tr[data-channel=G] td')]"
                             ".map((cell) => cell.textContent)")
    assert cells[0] == str(samples[:, :, 1].min()) and cells[2] == str(samples[:, :, 1].max())


def test_levels_and_colours_change_what_is_shown(page, new_camera):
    _, rgb, _ = show_one(page, new_camera(), "grey")
    grey = rgb[:, :, 0].astype(float)
    page.set(levels="100:200")
    page.wait_frame("header.black === 100 && header.white === 200")
    wanted = numpy.clip(numpy.floor((grey - 100) / 100 * 255 + 0.5), 0, 255)
    numpy.testing.assert_array_equal(page.pixels()[:, :, 0], wanted)
    page.set(levels="full")
    page.set(map="clipped")
    page.wait_frame("header.black === undefined")
    page.browser.wait(
        "const { canvas, left, top, bitmap } = window.mapferry.panes[0].picture;"
        "const data = canvas.getContext('2d').getImageData(left, top, bitmap.width, bitmap.height)"
        ".data; for (let i = 0; i < data.length; i += 4)"
        "if (data[i] !== data[i + 2]) return true; return false", "colours")
    shown = page.pixels()
    assert (shown[rgb[:, :, 0] == 255] == (255, 40, 30)).all()
    assert (shown[rgb[:, :, 0] == 0] == (0, 60, 255)).all()
    between = (rgb[:, :, 0] > 0) & (rgb[:, :, 0] < 255)
    numpy.testing.assert_array_equal(shown[between], rgb[between])


def test_bayer_pattern_is_shown_in_colours_or_raw(page, new_camera):
    show_one(page, new_camera(), "bayer10")
    assert (page.pixels()[:, :, 0] != page.pixels()[:, :, 2]).any()
    page.browser.keys("b")
    raw = patterns.samples(64, 48, 1, 10, 3)[:, :, 0].astype(float)
    wanted = numpy.floor(raw * 255 / 1023 + 0.5)
    page.browser.wait(
        "const { canvas, left, top, bitmap } = window.mapferry.panes[0].picture;"
        "const data = canvas.getContext('2d').getImageData(left, top, bitmap.width, bitmap.height)"
        ".data; for (let i = 0; i < data.length; i += 4)"
        "if (data[i] !== data[i + 2]) return false; return true", "greys")
    assert abs(page.pixels()[:, :, 0] - wanted).max() <= 1


def test_floating_point_numbers_have_false_colours(page, new_camera):
    camera = new_camera()
    camera.frame("heat", 64, 48, 5)
    page.view(camera)
    page.browser.wait("return window.mapferry.panes[0].settings.map === 'viridis'", "colours")
    page.set(map="inferno")
    page.wait_frame("header.float && header.content_type_of_picture === 'image/png'")
    heat = patterns.heat(64, 48, 5)
    found = page.statistics()["channels"][0]
    assert found["min"] == pytest.approx(heat.min()) and found["max"] == pytest.approx(heat.max())
    text = page.values(10, 10)
    assert float(text.split()[-1]) == pytest.approx(heat[10, 10], rel=1e-4)
    hottest = numpy.unravel_index(heat.argmax(), heat.shape)
    coldest = numpy.unravel_index(heat.argmin(), heat.shape)
    # Inferno goes from black to a light yellow, which viridis does not have.
    wait_until(lambda: page.one_to_one()[hottest].astype(int).sum() > 550, "the chosen colours")
    assert page.pixels()[coldest].astype(int).sum() < 60


def test_array_is_shown_layer_by_layer(page, new_camera):
    camera = new_camera()
    values = numpy.arange(2 * 6 * 8).tolist()
    camera.tell(do="array", shape=[2, 6, 8], dtype="int16", values=values)
    page.view(camera)
    page.wait_frame("header.layers === 2 && header.width === 8 && header.height === 6")
    assert page.values(3, 2).endswith(f"grey {2 * 8 + 3}")
    page.set(layer="1")
    page.wait_frame("header.content_type_of_picture === 'image/png'")
    page.browser.wait("return window.mapferry.panes[0].statistics?.channels[0].min === 48", "layer 1")
    page.point(0, 0)
    assert page.values(3, 2).endswith(f"grey {48 + 2 * 8 + 3}")


def test_pause_holds_the_picture_and_steps_through_the_last_ones(page, new_camera):
    camera = new_camera()
    camera.run("number", 32, 24, 60)
    page.view(camera)
    page.set(rate="60")
    page.wait_frame("header.message > 10 && header.content_type_of_picture === 'image/png'")
    page.browser.keys("p")
    paused = page.wait_frame("header.paused && header.held > 5")
    rgb = lambda: page.one_to_one()[3, 3].tolist()
    number = lambda sequence: [sequence % 256, sequence // 256 % 256, 77]
    assert rgb() == number(paused["sequence"])
    page.browser.keys("\ue012\ue012\ue012")  # left
    back = page.wait_frame("header.position === header.held - 4")
    assert back["sequence"] < paused["sequence"] and rgb() == number(back["sequence"])
    page.browser.keys("\ue014")  # right
    page.wait_frame("header.position === header.held - 3")
    page.browser.keys("p")
    page.wait_frame("!header.paused && header.sequence > args[1]", 0, paused["sequence"])
    camera.rest()


def test_two_streams_stand_side_by_side(page, new_camera):
    one, other = new_camera(), new_camera()
    first, second = one.frame("bgr", 48, 32, 1), other.frame("grey", 32, 48, 2)
    page.view(one, other)
    page.wait_sequence(first, 0)
    page.wait_sequence(second, 1)
    numpy.testing.assert_array_equal(page.one_to_one(0), patterns.frame("bgr", 48, 32, 1)[2])
    numpy.testing.assert_array_equal(page.one_to_one(1), patterns.frame("grey", 32, 48, 2)[2])
    boxes = page.browser.run("return window.mapferry.panes.map((pane) =>"
                             "[pane.box.getBoundingClientRect().left,"
                             "pane.box.getBoundingClientRect().width])")
    assert boxes[1][0] >= boxes[0][0] + boxes[0][1] > boxes[0][0]


def test_camera_that_is_killed_and_comes_back_larger(page, new_camera):
    camera = new_camera()
    show_one(page, camera, "bgr")
    camera.kill()
    page.browser.wait("return window.mapferry.panes[0].state === 'gone'", "the camera's death")
    assert "camera has gone" in page.browser.text(".notice")
    another = new_camera(camera.name)
    sequence = another.frame("bgr", 96, 72, 5)
    page.wait_frame("header.width === 96")
    page.wait_sequence(sequence)
    numpy.testing.assert_array_equal(page.one_to_one(), patterns.frame("bgr", 96, 72, 5)[2])
    assert page.browser.run("return document.querySelector('.notice').hidden")


def test_camera_that_ends_says_so(page, new_camera):
    camera = new_camera()
    show_one(page, camera, "bgr")
    camera.close()
    page.browser.wait("return window.mapferry.panes[0].state === 'ended'", "the end")


def test_facts_of_a_frame_are_there(page, new_camera):
    camera = new_camera()
    camera.frame("bgr", 64, 48, 1)
    page.view(camera)
    page.wait_sequence(0)
    sequence = camera.frame("bgr", 64, 48, 2, skip=7, source_number=4711,
                            captured_ns=1_700_000_000_123_456_000, metadata={"exposure_us": 250})
    page.wait_sequence(sequence)
    facts = page.browser.wait("const text = document.querySelector('.facts').textContent;"
                              "return text.includes('4711') ? text : null", "facts")
    assert "2023-11-14 22:13:20.123456 UTC" in facts and "missed7" in facts
    assert '"exposure_us": 250' in page.browser.text(".metadata")


def test_saved_files_are_the_frame(page, new_camera):
    camera = new_camera()
    data, _, _ = show_one(page, camera, "grey12")
    read = """const { connection, panes } = window.mapferry;
        const { name, blob } = await connection.saved(
            { pane: 0, frame: panes[0].header.id, as: args[0] });
        return [name, [...new Uint8Array(await blob.arrayBuffer())]]"""
    name, raw = page.browser.run(read, "raw")
    assert bytes(raw) == data and name == f"{camera.name}-0-64x48-GRAY12.raw"
    name, png = page.browser.run(read, "png")
    assert name == f"{camera.name}-0.png" and bytes(png[:8]) == b"\x89PNG\r\n\x1a\n"
    assert png[24] == 16  # bits of a sample


def test_keys_are_those_of_the_terminal(page, new_camera):
    camera = new_camera()
    show_one(page, camera, "bgr")
    page.browser.keys("h")
    assert page.browser.run("return !document.querySelectorAll('details')[1].open")
    page.browser.keys("q")
    page.browser.wait("return location.hash === '#/' && document.querySelector('#stage').hidden",
                      "the table")
    page.browser.keys("s")
    assert page.browser.text("th.sorted") == "Mode"
    page.browser.keys("?")
    assert page.browser.run("return document.querySelector('#help').open")


def test_page_on_a_phone_is_as_wide_as_the_phone(page, new_camera):
    camera = new_camera()
    page.browser.size(390, 844, 3, mobile=True)
    sequence = camera.frame("bgr", 640, 480, 1)
    page.open("")
    page.browser.wait("return document.querySelector('#table tbody tr')", "a row")
    fits = "return document.documentElement.scrollWidth <= innerWidth"
    assert page.browser.run(fits)
    page.view(camera)
    page.wait_sequence(sequence)
    assert page.browser.run(fits)
    assert page.browser.run("return window.mapferry.panes[0].canvas.width") <= 390 * 3


def test_page_takes_nothing_from_elsewhere(page, new_camera):
    show_one(page, new_camera(), "bgr")
    origins = page.browser.run("return [...new Set(performance.getEntriesByType('resource')"
                               ".map((entry) => new URL(entry.name).origin))]")
    assert origins == [page.server.url.rstrip("/")]


def test_three_windows_see_the_same_camera(page, new_camera, browser):
    camera = new_camera()
    camera.run("number", 64, 48, 30)
    windows = [browser.tabs()[-1], browser.new_tab(), browser.new_tab()]
    for window in windows:
        browser.to_tab(window)
        page.view(camera)
    for window in windows:
        browser.to_tab(window)
        first = page.wait_frame("header.content_type_of_picture === 'image/png'")
        page.wait_frame("header.sequence > args[1]", 0, first["sequence"])
    assert camera.rest() > 10
