"""A build after nothing, and after one sentence, has changed."""

import json
import statistics
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.measuring import (
    GOALS,
    LANGUAGES,
    Row,
    Size,
    build,
    chosen,
    folder,
    leaflets,
    seconds,
    with_own_locales,
)

_LEAFLET, _TAG, _OLD, _NEW = "recovery", "es", "Descanse", "Repose"


def rows(size: Size) -> list[Row]:
    """Build cold, again, and again with one sentence of a catalog changed."""
    with folder() as work:
        clinic = with_own_locales(work / "clinic")
        rounds = [_round(work, clinic, size.leaflets, number) for number in range(size.rounds)]
    cold, unchanged, changed, alone = map(statistics.median, zip(*rounds, strict=True))
    return [
        Row(
            name="nothing changed",
            ours=unchanged,
            theirs=cold,
            unit="s",
            against="the same build, cold",
            goal=GOALS["unchanged"],
            headline=True,
        ),
        Row(
            name="one sentence of one catalog changed",
            ours=changed,
            theirs=alone,
            unit="s",
            against="building just the edition it is in, cold",
            goal=GOALS["sentence"],
            note="Ours finds out which edition it is, among all.",
            headline=True,
        ),
    ]


def _round(
    work: Path, clinic: Path, slugs: Sequence[str], number: int
) -> tuple[float, float, float, float]:
    """Time a build cold, unchanged, with a sentence changed, and of that edition alone."""
    own = ["--clinic", str(clinic), "-f", "a4", "-j", "1"]
    options = [*slugs, *chosen("-l", LANGUAGES), *own, "-o", str(work / f"out-{number}"), "--json"]
    cache = work / f"cache-{number}"
    cold = seconds(lambda: _made(cache, len(slugs) * len(LANGUAGES), options))
    unchanged = seconds(lambda: _made(cache, 0, options))
    _swap(clinic / "locales" / _TAG / "LC_MESSAGES" / f"{_LEAFLET}.po")
    changed = seconds(lambda: _made(cache, 1, options))
    alone = seconds(lambda: build(work, _LEAFLET, "-l", _TAG, *own))
    return cold, unchanged, changed, alone


def _made(cache: Path, count: int, arguments: list[str]) -> None:
    """Build with a cache, and hold that exactly what changed was made."""
    found = json.loads(leaflets(cache, "build", *arguments))
    made = sum(one["made"] != "unchanged" for one in found)
    if made != count:
        raise RuntimeError(f"{made} editions were made instead of {count}")


def _swap(path: Path) -> None:
    """Say one thing in another word, or back, in one sentence."""
    text = path.read_text("utf-8")
    old, new = (_OLD, _NEW) if _OLD in text else (_NEW, _OLD)
    path.write_text(text.replace(old, new, 1), "utf-8")
