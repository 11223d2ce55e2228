# SPDX-License-Identifier: Apache-2.0
"""Many workers look at one frame, each at its part, and nobody copies it.

    python3 pool.py SECTION [WORKERS]

Each worker opens the section by itself: a reader that goes to another process opens it anew there.
The parent keeps a frame, so that its place in the section stays, and says which one it means.
"""

import multiprocessing
import sys

import mapferry

reader = None
held = None


def open_section(parents_reader):
    """Runs once in each worker."""
    global reader
    reader = parents_reader


def brightness(task):
    """The sum of a band of rows of the frame with this number."""
    global held
    sequence, first, last = task
    if held is None or held.sequence != sequence:
        held = None
        held = reader.latest(30)
        if held.sequence != sequence:
            raise RuntimeError("the writer went on: this example needs one frame that stays")
    return int(held.array[first:last].sum(dtype="int64"))


def main(section, workers="4"):
    # Not fork: a forked child has no part in its parent's sections.
    context = multiprocessing.get_context("spawn")
    with mapferry.FrameReader(section) as mine, mine.latest(30) as frame:
        rows = frame.height
        bands = [(frame.sequence, row, min(row + 64, rows)) for row in range(0, rows, 64)]
        with context.Pool(int(workers), open_section, (mine,)) as pool:
            sums = pool.map(brightness, bands, chunksize=1)
        mean = sum(sums) / frame.array.size
        print(f"mean of {len(bands)} bands by {workers} workers: {mean:.3f}, "
              f"of the whole frame: {frame.array.mean():.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
