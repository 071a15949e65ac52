"""Draws how many flags are in flight while 676 are asked for, with three limits.

    python3 book/pictures/in_flight.py book/pictures/in-flight.svg

Runs flags-async with `cargo run` once for each limit, and reads from the HTTP Archive that it
writes (`--har`) when each flag was asked for and when it was there. Behind the name of the
picture there can be a folder with programs that are built. Runs with the same seed give each
flag the same delay, so the areas are equal.
"""

import json
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

SEED = "1"
LIMITS = [676, 100, 30]
WIDTH, LEFT, RIGHT, TOP, BOTTOM = 1280, 120, 1230, 60, 540

STYLE = """
svg { background: #fff; color: #1a1a1a; font: 22px system-ui, sans-serif; }
text { fill: currentColor; }
.name { font-size: 28px; font-weight: 600; }
.line { stroke: currentColor; stroke-opacity: 0.25; }
.waits { fill: #0b62a4; fill-opacity: 0.15; stroke: #0b62a4; stroke-width: 2.5; }
@media (prefers-color-scheme: dark) {
  svg { background: #14161a; color: #f0f0f0; }
  .waits { fill: #62b5f5; stroke: #62b5f5; }
}
"""


def run(limit, programs):
    """The steps of one run: pairs of a time in seconds and a number in flight."""
    with tempfile.TemporaryDirectory() as folder:
        start = [f"{programs}/flags-async"] if programs else (
            ["cargo", "run", "--quiet", "-p", "flags-async", "--"])
        har = Path(folder, "run.har")
        options = ["-e", "-m", str(limit), "--seed", SEED, "--har", har, "--dest", folder]
        subprocess.run([*start, *options], check=True, capture_output=True)
        entries = json.loads(har.read_text())["log"]["entries"]
    events = []
    for entry in entries:
        began = datetime.fromisoformat(entry["startedDateTime"]).timestamp()
        events += [(began, 1), (began + entry["time"] / 1000, -1)]
    events.sort()
    zero, now, steps = events[0][0], 0, []
    for time, change in events:
        now += change
        steps.append((time - zero, now))
    return steps


def main():
    file = sys.argv[1]
    runs = [(limit, run(limit, *sys.argv[2:] or [None])) for limit in LIMITS]
    end = max(steps[-1][0] for _, steps in runs)
    scale = (RIGHT - LEFT) / end
    height = (BOTTOM - TOP) / LIMITS[0]
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 610" role="img" '
           'aria-labelledby="title"><title id="title">Flags in flight, with three limits'
           f'</title>\n<style>{STYLE}</style>']
    for second in range(int(end) + 1):
        x = LEFT + second * scale
        svg.append(f'<line class="line" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{BOTTOM}"/>'
                   f'<text text-anchor="middle" x="{x:.1f}" y="{BOTTOM + 34}">{second} s</text>')
    for limit, steps in runs:
        y = BOTTOM - limit * height
        path = [f"M{LEFT} {BOTTOM}"]
        for time, now in steps:
            path.append(f"H{LEFT + time * scale:.1f}V{BOTTOM - now * height:.1f}")
        svg.append(f'<path class="waits" d="{"".join(path)}Z"/>'
                   f'<text text-anchor="end" x="{LEFT - 14}" y="{y + 8:.1f}">{limit}</text>')
    # A name stands where its area is widest and no other is.
    for limit, steps in runs:
        last = steps[-1][0]
        full = max(time for time, now in steps if now > 0.9 * limit)
        if limit == LIMITS[0]:
            x, y, anchor = LEFT + full * scale + 30, TOP + 40, "start"
        else:
            x, y, anchor = LEFT + full * scale + 14, BOTTOM - limit * height - 4, "start"
            if limit == LIMITS[-1]:
                x, anchor, y = LEFT + full * scale, "end", y - 10
        svg.append(f'<text class="name" text-anchor="{anchor}" x="{x:.1f}" y="{y:.1f}">'
                   f'-m {limit}: {last:.1f} s</text>')
    Path(file).write_text("\n".join([*svg, "</svg>", ""]))


main()
