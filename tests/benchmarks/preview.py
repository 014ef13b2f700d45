"""Measure the preview: from a saved PO file to the new picture of its first page, over HTTP.

Each save changes one sentence of one catalog. Median and worst of 20 saves are printed, for each of
some leaflets and languages, in seconds.
"""

import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx2 as httpx
import uvicorn

from leaflets.library import fonts, home, load
from leaflets.typesetting.fonts import isolated
from leaflets.web.server import app
from leaflets.web.studio import Studio

SAVES = 20
CASES = (
    ("recovery", "es", "Descanse", "Repose"),
    ("recovery", "ar", "أيام", "الأيام"),
    ("recovery", "zh-Hans", "医生", "大夫"),
    ("diary", "hi", "दर्द", "पीड़ा"),
)


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


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        clinic = Path(name)
        (clinic / "clinic.toml").write_text('name = "Bench"\n')
        shutil.copytree(home.home() / "locales", clinic / "locales")
        studio = Studio(clinic)
        server = uvicorn.Server(uvicorn.Config(app(studio, 8791), port=8791, log_level="error"))
        with isolated(fonts.locate(load.load(None).fonts.values())):
            thread = threading.Thread(target=server.run)
            thread.start()
            try:
                _table(clinic)
            finally:
                server.should_exit = True
                thread.join()
    return 0


def _table(clinic: Path) -> None:
    transport = httpx.HTTPTransport(retries=20)
    with httpx.Client(base_url="http://127.0.0.1:8791", timeout=60, transport=transport) as client:
        sys.stdout.write("leaflet, language    median   worst\n")
        for leaflet, tag, old, new in CASES:
            folder = clinic / "locales" / tag.replace("-", "_") / "LC_MESSAGES"
            asked = {"leaflet": leaflet, "language": tag, "format": "a4"}
            client.get("/api/view", params=asked)
            times = [
                measure(client, folder / f"{leaflet}.po", asked, old, new) for _ in range(SAVES)
            ]
            sys.stdout.write(
                f"{leaflet}, {tag:<10} {statistics.median(times):6.2f} s {max(times):6.2f} s\n"
            )


if __name__ == "__main__":
    sys.exit(main())
