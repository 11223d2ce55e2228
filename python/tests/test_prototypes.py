# SPDX-License-Identifier: Apache-2.0
"""The table of functions against the header, and the numbers that the package has from it."""

import os
import re
from pathlib import Path

import pytest

from mapferry import _errors, _facts, _library
from mapferry._prototypes import PREFIX, PROTOTYPES

INCLUDE = Path(
    os.environ.get("MAPFERRY_INCLUDE") or Path(__file__).parents[2] / "lib" / "include"
)
LETTERS = {
    "void": "v",
    "int32_t": "i",
    "int64_t": "q",
    "uint32_t": "u",
    "uint64_t": "Q",
    "size_t": "z",
    "const char*": "s",
}
# Functions whose `const char*` is not a text that ends with its first 0.
BYTES = {"bytes_data": "p"}


def header_text():
    text = "".join(path.read_text() for path in sorted((INCLUDE / "mapferry/c").glob("*.h")))
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)


def letter_of(declaration):
    """A type, with or without the name of a parameter, as a letter."""
    words = re.sub(r"\s*\*\s*", "* ", declaration).split()
    for count in (len(words), len(words) - 1):
        kind = " ".join(words[:count])
        if kind in LETTERS:
            return LETTERS[kind]
    assert "*" in declaration, declaration
    return "p"


def declared_functions():
    found = {}
    pattern = r"MAPFERRY_API\s+([^;()]*?)\s*MAPFERRY_CALL\s+mapferry_(\w+)\s*\(([^()]*)\)"
    for result, name, arguments in re.findall(pattern, header_text()):
        arguments = [a for a in arguments.split(",") if a.strip() not in ("", "void")]
        letters = BYTES.get(name) or letter_of(result)
        found[name] = letters + " " + "".join(letter_of(argument) for argument in arguments)
    return found


def test_table_has_every_function_of_the_header_with_its_types():
    declared = declared_functions()
    assert len(declared) > 100
    assert PROTOTYPES == declared


def test_header_parser_finds_every_declaration():
    assert len(declared_functions()) == len(re.findall(r"MAPFERRY_API\s", header_text()))


def test_library_has_every_function():
    for functions in (_library.quick, _library.waiting):
        for name in PROTOTYPES:
            assert getattr(functions, name).__name__ == PREFIX + name


def defines():
    pattern = r"#define MAPFERRY_(\w+)\s+\\?\s*\(?(-?\d+)\)?"
    return {name: int(number) for name, number in re.findall(pattern, header_text())}


@pytest.mark.parametrize("name", [
    "OK", "END", "NOTHING", "USAGE", "NOT_FOUND", "NOT_READY", "BUSY", "STILL_FILLING",
    "TIMED_OUT", "INTERRUPTED", "PEER_GONE", "EVICTED", "CORRUPT", "FORMAT_VERSION",
    "PERMISSION", "CANNOT_CREATE", "IO", "OUT_OF_MEMORY", "SYSTEM",
])
def test_code_is_that_of_the_header(name):
    assert getattr(_errors, name) == defines()[name]


def test_every_code_of_the_header_has_an_exception():
    highest = defines()["SYSTEM"]
    assert {code for code in _errors._CLASSES if code > 0} == set(range(1, highest + 1))


@pytest.mark.parametrize("ours, theirs", [
    ("IMAGE_WIDTH", "IMAGE_WIDTH"),
    ("IMAGE_HEIGHT", "IMAGE_HEIGHT"),
    ("IMAGE_FOURCC", "IMAGE_FOURCC"),
    ("IMAGE_ROW_STRIDE", "IMAGE_ROW_STRIDE_BYTES"),
    ("IMAGE_ORIENTATION", "IMAGE_ORIENTATION"),
    ("IMAGE_PRIMARIES", "IMAGE_PRIMARIES"),
    ("IMAGE_TRANSFER", "IMAGE_TRANSFER"),
    ("IMAGE_MATRIX", "IMAGE_MATRIX"),
    ("IMAGE_RANGE", "IMAGE_RANGE"),
    ("IMAGE_CHROMA_SITE", "IMAGE_CHROMA_SITE"),
    ("IMAGE_PLANE_COUNT", "IMAGE_PLANE_COUNT"),
    ("TENSOR_TYPE", "TENSOR_TYPE"),
    ("TENSOR_BITS", "TENSOR_BITS"),
    ("TENSOR_LANES", "TENSOR_LANES"),
    ("TENSOR_DIMENSIONS", "TENSOR_DIMENSIONS"),
    ("BOTTOM_UP", "ORIENTATION_BOTTOM_UP"),
    ("SECTION_DELIVERY", "SECTION_DELIVERY"),
    ("SECTION_READER_LIMIT", "SECTION_READER_LIMIT"),
    ("SECTION_SLOT_COUNT", "SECTION_SLOT_COUNT"),
    ("SECTION_SLOT_BYTES", "SECTION_SLOT_BYTES"),
    ("SECTION_BYTES", "SECTION_BYTES"),
])
def test_key_of_facts_is_that_of_the_header(ours, theirs):
    assert getattr(_facts, ours) == defines()[theirs]


@pytest.mark.parametrize("module, prefix", [
    ("_frame", "FRAME_"),
    ("_frame_reader", "FRAME_READER_"),
    ("_frame_writer", "FRAME_WRITER_"),
    ("_buffer", "BUFFER_"),
    ("_payload_reader", "PAYLOAD_"),
    ("_payload_writer", "WRITER_"),
])
def test_keys_of_a_module_are_those_of_the_header(module, prefix):
    words = {"BYTES": "BYTES", "RESTARTED": "WRITER_RESTARTED", "PUBLISHED": "PUBLISHED_UNIX_NS",
             "LATENCY": "LATENCY_NS", "CAPTURED": "CAPTURED_NS", "CLOCK": "CAPTURE_CLOCK",
             "RATE": "RATE_NUMERATOR", "ASPECT": "ASPECT_NUMERATOR", "MTIME": "MTIME_UNIX_NS",
             "PERMISSIONS": "PERMISSION_BITS"}
    known = defines()
    ours = vars(__import__("mapferry." + module, fromlist=["x"]))
    checked = 0
    for name, number in ours.items():
        if not re.fullmatch(r"_[A-Z_]+", name) or not isinstance(number, int):
            continue
        word = words.get(name[1:], name[1:])
        if module == "_payload_reader" and word == "HAS_ENDED":
            prefix_here = "READER_"
        else:
            prefix_here = prefix
        assert known[prefix_here + word] == number, name
        checked += 1
    assert checked >= 5


@pytest.mark.parametrize("words, prefix", [
    (_facts.CLOCKS, "CLOCK_"), (_facts.SCANS, "SCAN_"), (_facts.DELIVERIES, "DELIVERY_"),
])
def test_words_are_in_the_order_of_the_header(words, prefix):
    known = defines()
    for number, word in enumerate(words):
        if prefix + word.upper() in known or number > 0:
            assert known[prefix + word.upper()] == number
