"""Takes a picture of the live page, light and dark, with four runs in it.

    python3 book/pictures/live_page.py en book/pictures/live-page.svg
    python3 book/pictures/live_page.py ko book/pictures/live-page-ko.svg

Starts the site, runs programs against it so that each mark of the page is seen, and lets
Chromium (by chromedriver) take the pictures while the last run is in flight. The programs are
those of `target/debug`, or of a folder that is named after the picture. The SVG file shows
the one picture or the other as the reader's colours are.
"""

import base64
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

WIDTH, HEIGHT = 1280, 890
PORT = 9517
RUNS = [
    # program, arguments, port of the site, seconds until the next
    ("flags-seq", ["-l", "5"], 8003, None),
    ("flags-threadpool", ["-m", "3", "BR", "CN", "ID", "IN", "US", "ZZ"], 8002, None),
    ("flags-async", ["-l", "6", "--timeout", "3s"], 8001, None),
    ("flags-async", ["-l", "6"], 8001, 1.5),
]


def post(path, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    return json.load(urllib.request.urlopen(request))["value"]


def wait_for(port):
    """Returns when somebody listens at a port."""
    until = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def pictures(language, bins, folder):
    server = subprocess.Popen([bins / "flags-server", "--seed", "5"], cwd=folder)
    driver = subprocess.Popen(["chromedriver", f"--port={PORT}"], stdout=subprocess.DEVNULL)
    last = None
    try:
        for port in [8000, PORT]:
            wait_for(port)
        arguments = ["--headless=new", "--no-sandbox", "--hide-scrollbars"]
        always = {"goog:chromeOptions": {"args": arguments}}
        session = post("/session", {"capabilities": {"alwaysMatch": always}})["sessionId"]
        page = f"/session/{session}"
        execute = f"{page}/goog/cdp/execute"
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1.5, "mobile": False}
        post(execute, {"cmd": "Emulation.setDeviceMetricsOverride", "params": size})
        post(f"{page}/url", {"url": f"http://127.0.0.1:8000/?lang={language}"})
        for program, options, port, wait in RUNS:
            site = f"http://127.0.0.1:{port}/flags"
            run = subprocess.Popen([bins / program, "-s", site, *options], cwd=folder)
            if wait is None:
                run.wait()
            else:
                time.sleep(wait)
                last = run
        found = []
        for scheme in ["light", "dark"]:
            media = [{"name": "prefers-color-scheme", "value": scheme}]
            post(execute, {"cmd": "Emulation.setEmulatedMedia", "params": {"features": media}})
            time.sleep(0.2)
            shot = {"format": "webp", "quality": 60}
            found.append(
                post(execute, {"cmd": "Page.captureScreenshot", "params": shot})["data"]
            )
        return found
    finally:
        if last:
            last.wait()
        driver.terminate()
        server.terminate()
        driver.wait()
        server.wait()


def main():
    language, target = sys.argv[1], Path(sys.argv[2])
    bins = Path(sys.argv[3] if len(sys.argv) > 3 else "target/debug").resolve()
    with tempfile.TemporaryDirectory() as folder:
        light, dark = pictures(language, bins, folder)
    image = (
        f'<image class="{{}}" width="{WIDTH}" height="{HEIGHT}" '
        'href="data:image/webp;base64,{}"/>\n'
    )
    target.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="title"><title id="title">The live page</title>\n'
        "<style>.dark { display: none; }\n"
        "@media (prefers-color-scheme: dark) { .dark { display: inline; } "
        ".light { display: none; } }</style>\n"
        f'{image.format("light", light)}{image.format("dark", dark)}</svg>\n'
    )


main()
