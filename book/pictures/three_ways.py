"""Draws runs of downloaders below each other on one scale of time.

    python3 book/pictures/three_ways.py book/pictures/three-ways.svg
    python3 book/pictures/three_ways.py book/pictures/pool-sizes.svg

Runs the programs with `cargo run`, and reads when each flag was waited for from the HTTP
Archive that they write (`--har`), and by which thread from their picture (`--waterfall`).
Behind the name of the picture there can be a folder with programs that are built.

A bar is pale while a flag is waited for, and dark while it is received and saved. That part
is drawn at least two pixels wide, or it could not be seen. A lane is a thread, or where one
thread waits for many flags, a place that is free. All lanes are equally high, so that areas
can be compared.

With this seed the 20 delays are like those of a run without one: their sum is 7.19 s, and
the longest is 1.29 s. Runs with the same seed give each flag the same delay.
"""

import json
import re
import subprocess
import sys
import tempfile
from datetime import datetime
from html import escape
from pathlib import Path

SEED = "2477"
# The title, and for each band what stands beside it and what is run.
PICTURES = {
    "three-ways.svg": (
        "20 flags, three ways to wait",
        [
            ("flags-seq", "1 thread", ["flags-seq"]),
            ("flags-threadpool", "20 threads", ["flags-threadpool"]),
            ("flags-async", "1 thread", ["flags-async"]),
        ],
    ),
    "pool-sizes.svg": (
        "flags-threadpool, 20 flags",
        [
            ("-m 1", "1 thread", ["flags-threadpool", "-m", "1"]),
            ("-m 3", "3 threads", ["flags-threadpool", "-m", "3"]),
            ("-m 5", "5 threads", ["flags-threadpool", "-m", "5"]),
            ("-m 20", "20 threads", ["flags-threadpool", "-m", "20"]),
        ],
    ),
}

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 1280, 285, 1130, 112, 596
GAP = 26

STYLE = """
svg { background: #fff; color: #1a1a1a; font: 20px system-ui, sans-serif; }
text { fill: currentColor; }
.title { font-size: 30px; font-weight: 600; }
.name { font-size: 24px; font-weight: 600; }
.time { font-size: 34px; font-weight: 600; }
.line { stroke: currentColor; stroke-opacity: 0.25; }
.end { stroke: currentColor; stroke-width: 2; }
.waits { fill: #0b62a4; fill-opacity: 0.15; stroke: #0b62a4; stroke-width: 0.8; }
.works { fill: #08395f; }
@media (prefers-color-scheme: dark) {
  svg { background: #14161a; color: #f0f0f0; }
  .waits { fill: #62b5f5; stroke: #62b5f5; }
  .works { fill: #b9dffc; }
}
"""


def run(command, programs):
    """(begin, first byte, saved, code, thread) of each flag, in seconds since the first."""
    program, *options = command
    start = [f"{programs}/{program}"] if programs else ["cargo", "run", "-qp", program, "--"]
    with tempfile.TemporaryDirectory() as folder:
        har, svg = Path(folder, "run.har"), Path(folder, "run.svg")
        options += ["--seed", SEED, "--dest", folder]
        options += ["--har", str(har), "--waterfall", str(svg)]
        subprocess.run([*start, *options], check=True, stdout=subprocess.DEVNULL)
        entries = json.loads(har.read_text())["log"]["entries"]
        titles = re.findall(r"<title>([A-Z]{2}): .*, thread (\d+)</title>", svg.read_text())
    threads = {code.lower(): int(thread) for code, thread in titles}
    units = {"µs": 1e-6, "ms": 1e-3, "s": 1}
    bars = []
    for entry in entries:
        begin = datetime.fromisoformat(entry["startedDateTime"].replace("Z", "+00:00"))
        code = re.search(r"/([a-z]{2})\.gif", entry["request"]["url"])[1]
        number, unit = re.search(r"saved ([\d.]+) (µs|ms|s)", entry["comment"]).groups()
        waited = entry["timings"]["wait"] / 1000
        saved = entry["time"] / 1000 + float(number) * units[unit]
        bars.append((begin.timestamp(), waited, saved, code, threads[code]))
    first = min(bar[0] for bar in bars)
    return sorted((b - first, b - first + w, b - first + s, *who) for b, w, s, *who in bars)


def lanes(bars):
    """The bars, lane by lane, and the lanes in the order of their first flags."""
    by_thread = {}
    for bar in bars:
        by_thread.setdefault(bar[4], []).append(bar)
    rows = list(by_thread.values())
    if len(rows) == 1:
        rows = []
        for bar in bars:
            # Times in the file are whole milliseconds: allow for some.
            free = [row for row in rows if row[-1][2] <= bar[0] + 0.002]
            if free:
                min(free, key=lambda row: row[-1][2]).append(bar)
            else:
                rows.append([bar])
    return sorted(rows, key=lambda row: row[0][3])


def main():
    out, *programs = sys.argv[1:]
    title, bands = PICTURES[Path(out).name]
    runs = [lanes(run(command, *programs or [None])) for _, _, command in bands]
    longest = max(bar[2] for rows in runs for row in rows for bar in row)

    def x(seconds):
        return LEFT + seconds / longest * (RIGHT - LEFT)

    # Every lane of every band is equally high, so that areas can be compared.
    height = (BOTTOM - TOP - GAP * len(runs)) / sum(max(len(rows), 4) for rows in runs)
    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 620" role="img" '
        f'aria-labelledby="title"><title id="title">{escape(title)}</title>',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="40" y="52">{escape(title)}</text>',
        '<rect class="waits" x="800" y="34" width="30" height="18"/>'
        '<text x="840" y="50">waiting</text>'
        '<rect class="works" x="948" y="34" width="4" height="18"/>'
        '<text x="962" y="50">receiving and saving</text>',
    ]
    for second in range(int(longest) + 1):
        svg.append(
            f'<line class="line" x1="{x(second):.1f}" x2="{x(second):.1f}" '
            f'y1="{TOP - 8}" y2="{BOTTOM}"/><text text-anchor="middle" '
            f'x="{x(second):.1f}" y="{TOP - 16}">{second} s</text>'
        )
    top = TOP + GAP / 2
    for (name, detail, _), rows in zip(bands, runs):
        band = height * max(len(rows), 4)
        inner = top + (band - height * len(rows)) / 2
        middle = top + band / 2
        end = max(bar[2] for row in rows for bar in row)
        svg.append(f'<text class="name" x="40" y="{middle - 3:.1f}">{escape(name)}</text>')
        svg.append(f'<text x="40" y="{middle + 23:.1f}">{escape(detail)}</text>')
        for number, row in enumerate(rows):
            y = inner + number * height
            for begin, byte, saved, *_ in row:
                svg.append(
                    f'<rect class="waits" x="{x(begin):.1f}" y="{y + 1:.1f}" '
                    f'width="{x(byte) - x(begin):.1f}" height="{height - 2:.1f}"/>'
                )
                dark = max(x(saved) - x(byte), 2)
                svg.append(
                    f'<rect class="works" x="{x(saved) - dark:.1f}" y="{y + 1:.1f}" '
                    f'width="{dark:.1f}" height="{height - 2:.1f}"/>'
                )
        svg.append(
            f'<line class="end" x1="{x(end):.1f}" x2="{x(end):.1f}" y1="{inner - 5:.1f}" '
            f'y2="{inner + height * len(rows) + 5:.1f}"/>'
            f'<text class="time" x="{x(end) + 12:.1f}" y="{middle + 12:.1f}">{end:.2f} s</text>'
        )
        waited = sum(bar[1] - bar[0] for row in rows for bar in row)
        print(f"{name}: {end:.2f} s, {len(rows)} lanes, {waited:.2f} s of waiting")
        top += band + GAP
    svg.append("</svg>\n")
    Path(out).write_text("\n".join(svg))


main()
