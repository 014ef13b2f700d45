"""Measure the preview: from a saved PO file to the new picture of its first page, over HTTP.

Each save changes one sentence of one catalog, for each of some leaflets and languages.
"""

import shutil
import statistics
import threading
import time
from pathlib import Path

import httpx2 as httpx
import uvicorn

from leaflets.library import fonts, home, load
from leaflets.render.fontconfig import isolated
from leaflets.web.preview.server import app
from leaflets.web.preview.studio import Studio
from tests.benchmarks.measuring import GOALS, Row, Size, build, folder, seconds

CASES = (
    ("recovery", "es", "Descanse", "Repose"),
    ("recovery", "ar", "أيام", "الأيام"),
    ("recovery", "zh-Hans", "医生", "大夫"),
    ("diary", "hi", "दर्द", "पीड़ा"),
)


def rows(size: Size) -> list[Row]:
    """Save again and again, and build the same edition from the command line in between."""
    with folder() as work:
        clinic = work / "clinic"
        clinic.mkdir()
        (clinic / "clinic.toml").write_text('name = "Bench"\n')
        shutil.copytree(home.home() / "locales", clinic / "locales")
        studio = Studio(clinic)
        server = uvicorn.Server(uvicorn.Config(app(studio, 8791), port=8791, log_level="error"))
        with isolated(fonts.locate(load.load(None).fonts.values())):
            thread = threading.Thread(target=server.run)
            thread.start()
            try:
                return _rows(work, clinic, size)
            finally:
                server.should_exit = True
                thread.join()


def _rows(work: Path, clinic: Path, size: Size) -> list[Row]:
    found: list[Row] = []
    transport = httpx.HTTPTransport(retries=20)
    with httpx.Client(base_url="http://127.0.0.1:8791", timeout=60, transport=transport) as client:
        for leaflet, tag, old, new in CASES:
            path = clinic / "locales" / tag.replace("-", "_") / "LC_MESSAGES" / f"{leaflet}.po"
            asked = {"leaflet": leaflet, "language": tag, "format": "a4"}
            options = [leaflet, "-l", tag, "-f", "a4", "-j", "1", "--clinic", str(clinic)]
            client.get("/api/view", params=asked)
            saves: list[float] = []
            builds: list[float] = []
            for number in range(size.saves):
                saves.append(measure(client, path, asked, old, new))
                if number % 4 == 0:
                    builds.append(seconds(lambda: build(work, *options)))  # noqa: B023 - done at once
            found.append(
                Row(
                    name=f"a saved sentence to its picture, {leaflet} in {tag}",
                    ours=statistics.median(saves),
                    theirs=statistics.median(builds),
                    unit="s",
                    against="building that edition with the command",
                    goal=GOALS["preview"],
                    note=f"The slowest of {size.saves} saves took {max(saves):.2f} s.",
                    headline=(leaflet, tag) == ("recovery", "es"),
                )
            )
    return found


def measure(client: httpx.Client, path: Path, asked: dict[str, str], old: str, new: str) -> float:
    """Save once, and wait for the picture; return seconds."""
    epoch = client.get("/api/view", params=asked).json()["epoch"]
    text = path.read_text("utf-8")
    began = time.perf_counter()
    path.write_text(text.replace(old, new) if old in text else text.replace(new, old), "utf-8")
    client.get("/api/changes", params={"since": epoch})
    view = client.get("/api/view", params=asked).json()["view"]
    client.get(f"/page/{view['token']}/1.png").raise_for_status()
    return time.perf_counter() - began
