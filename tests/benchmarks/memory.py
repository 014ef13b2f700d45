"""The memory of one worker that makes many editions, per script."""

import os
import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path

from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.editions.make import Making, make_edition
from leaflets.editions.workers.limits import collect_in_turn, collect_rarely
from leaflets.library import fonts, load
from leaflets.render.fontconfig import isolated
from leaflets.render.weasy.standing import Standing
from tests.benchmarks.measuring import GOALS, ROOT, Row, Size, environment, folder

_SCRIPTS = {"en": "Latin", "ar": "Arabic", "hi": "Devanagari", "zh-Hans": "Chinese"}
_FEW = 50
_FORMATS = ("a4", "letter", "a5", "a4-large")


def rows(size: Size) -> list[Row]:
    """Let a worker for each script make editions, two at a time."""
    found: dict[str, tuple[float, float]] = {}
    tags = list(_SCRIPTS)
    with folder() as work:
        for pair in (tags[:2], tags[2:]):
            running = {
                tag: subprocess.Popen(
                    [sys.executable, "-m", "tests.benchmarks.memory", tag, str(size.memory)],
                    env=environment(work), cwd=ROOT, text=True, stdout=subprocess.PIPE,
                )
                for tag in pair
            }  # fmt: skip
            for tag, process in running.items():
                said, _ = process.communicate()
                few, many = map(float, said.split())
                found[tag] = few, many
    return [
        Row(
            name=f"a worker after {size.memory} editions, {_SCRIPTS[tag]}",
            ours=many,
            theirs=few,
            unit="MB",
            against=f"the same worker after {_FEW}",
            goal=GOALS["memory"],
            headline=tag == "zh-Hans",
        )
        for tag, (few, many) in found.items()
    ]


def _megabytes() -> float:
    """Return the memory that this process holds now."""
    held = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return held * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(tag: str, count: str) -> int:
    """Make editions in one language, leaflet after leaflet in some formats, as a worker does."""
    library = load.load(None)
    inputs = Inputs(library)
    asked = plan(library, Request(languages=(tag,), formats=_FORMATS))
    shown = [library.fonts[name] for name in library.languages[tag].fonts]
    standing = Standing()
    collect_rarely()
    with isolated(fonts.locate(shown)):
        for number, edition in enumerate(islice(cycle(asked), int(count)), 1):
            if not make_edition(inputs, edition, Making(standing=standing)).is_good:
                raise RuntimeError(f"{edition.name} has an error")
            collect_in_turn()
            if number in {_FEW, int(count)}:
                sys.stdout.write(f"{_megabytes()}\n")
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
