# SPDX-License-Identifier: Apache-2.0
"""Pictures of the page, for people to look at: in the folder of MAPFERRY_SCREENSHOTS, or in none."""
import os
import pathlib

import pytest

from page import Page

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def shoot(browser):
    folder = os.environ.get("MAPFERRY_SCREENSHOTS")

    def take(name):
        data = browser.screenshot()
        assert data.startswith(PNG) and len(data) > 5000
        if folder:
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            (pathlib.Path(folder) / f"{name}.png").write_bytes(data)

    return take


def test_page_in_its_shapes(browser, server, new_camera, names, shoot):
    # The usual names are those of people's own cameras.
    are_for_people = "MAPFERRY_SCREENSHOTS" in os.environ
    camera = new_camera("cam" if are_for_people else names())
    heat = new_camera("thermal" if are_for_people else names())
    camera.run("scene", 960, 600, 30, cycle=8)
    heat.frame("heat", 320, 240, 7, metadata={"emissivity": 0.95, "lens_mm": 13})
    page = Page(browser, server)
    page.open("")
    browser.wait("return document.querySelectorAll('#table polyline').length >= 2", "lines")
    points = 6 if are_for_people else 1
    browser.wait("return document.querySelector('#table polyline').points.length > args[0]",
                 "points", points)
    shoot("table")
    browser.size(1240, 690)
    page.open("view", camera.name, heat.name)
    for index in range(2):
        page.set(index, format="png")
    page.set(1, map="inferno")
    browser.run("window.mapferry.controls.show(window.mapferry.panes[0])")
    page.wait_frame("header.sequence > 5", 0)
    page.wait_frame("header.float", 1)
    browser.wait("return window.mapferry.panes[0].statistics", "a histogram")
    page.point(300, 260)
    browser.wait("return window.mapferry.panes[0].values.textContent", "values")
    if are_for_people:
        browser.wait("return window.mapferry.panes[1].rateText.textContent.startsWith('no new')",
                     "rest")
    shoot("serve")
    browser.scheme("light")
    browser.size(1400, 880)
    shoot("light")
    page.open("view", camera.name)
    page.wait_frame("header.sequence > 5")
    page.browser.run("window.mapferry.panes[0].picture.zoomTo(64)")
    page.point(480, 300)
    browser.keys("p")
    page.wait_frame("header.paused")
    browser.wait("return window.mapferry.panes[0].values.textContent", "values")
    shoot("zoom")
    browser.scheme("dark")
    browser.size(390, 844, 2, mobile=True)
    page.open("")
    browser.wait("return document.querySelectorAll('#table tbody tr').length >= 2", "rows")
    shoot("phone-table")
    page.open("view", camera.name)
    page.wait_frame("header.sequence > 5")
    browser.wait("return window.mapferry.panes[0].statistics", "a histogram")
    shoot("phone")
    camera.rest()
