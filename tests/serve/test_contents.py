# SPDX-License-Identifier: Apache-2.0
"""Kept payloads and buffers on the page."""
import subprocess

import numpy
import pytest

import patterns
import serve_rig
from page import Page


@pytest.fixture
def page(server, browser):
    yield Page(browser, server)
    assert browser.errors() == []


def keep(name, *words, data=None):
    subprocess.run([serve_rig.PROGRAMS / "mapferry", "send", "-q", "--keep", "--name", name, *words],
                   input=data, check=True)


def ppm(width, height, number):
    rgb = patterns.samples(width, height, 3, 8, number).astype(numpy.uint8)
    return f"P6 {width} {height} 255\n".encode() + rgb.tobytes(), rgb


def test_kept_picture_is_shown_with_its_values(page, names, tmp_path):
    name = names()
    data, rgb = ppm(60, 40, 1)
    (tmp_path / "photo.ppm").write_bytes(data)
    keep(name, str(tmp_path / "photo.ppm"))
    page.open("section", name)
    page.browser.wait("return document.querySelector('.payloads button')", "a payload")
    page.browser.click(".payloads button")
    page.browser.wait("return location.hash.startsWith('#/kept/')", "the picture")
    page.wait_frame("header.name === 'photo.ppm'")
    page.set(format="png")
    page.wait_frame("header.content_type_of_picture === 'image/png'")
    numpy.testing.assert_array_equal(page.one_to_one(), rgb)
    red, green, blue = rgb[9, 30]
    assert page.values(30, 9) == f"(30, 9)  R {red}  G {green}  B {blue}"


def test_kept_texts_are_texts_and_no_html(page, names):
    name = names()
    keep(name, "--text", "<b>bold</b> \u00e9", "second")
    page.open("section", name)
    page.browser.wait("return document.querySelectorAll('.payloads tr').length === 2", "payloads")
    page.browser.click(".payloads tr:nth-child(1) button")
    page.browser.wait("return document.querySelector('pre.text')", "the text")
    assert page.browser.text("pre.text") == "<b>bold</b> \u00e9"
    assert not page.browser.run("return document.querySelector('pre.text b')")
    page.browser.click(".payloads tr:nth-child(2) button")
    page.browser.wait("return document.querySelector('pre.text').textContent === 'second'", "it")


def test_kept_bytes_are_shown_in_hexadecimal(page, names, tmp_path):
    name = names()
    (tmp_path / "data.bin").write_bytes(bytes(range(256)))
    keep(name, str(tmp_path / "data.bin"))
    page.open("section", name)
    page.browser.wait("return document.querySelectorAll('.dump tr').length === 16", "rows")
    assert page.browser.text(".dump tr:nth-child(5) .hex").split() == [
        f"{byte:02x}" for byte in range(64, 80)]
    assert page.browser.text(".dump tr:nth-child(5) .text") == "@ABCDEFGHIJKLMNO"


def test_buffer_shows_what_changes(page, names):
    name = names()
    write = [serve_rig.PROGRAMS / "mapferry", "send", "-q", "--buffer", name, "--size", "10000"]
    subprocess.run([*write, "--at", "32", "--text", "hello"], check=True)
    page.open("section", name)
    page.browser.wait("return document.querySelector('.dump tr:nth-child(3) .text')", "bytes")
    assert page.browser.text(".dump tr:nth-child(3) .text").startswith("hello")
    subprocess.run([*write, "--at", "33", "--text", "a"], check=True)
    page.browser.wait("return document.querySelector('.dump .changed')?.textContent === '61'",
                      "a change")
    page.browser.run("const place = document.querySelector('#contents input');"
                     "place.value = '0x2700'; place.dispatchEvent(new Event('change'))")
    page.browser.wait("return document.querySelector('.dump th').textContent === '00002700'",
                      "the end")
    assert page.browser.run("return document.querySelectorAll('.dump tr').length") == 1
