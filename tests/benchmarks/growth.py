"""How the time of a cold build grows with leaflets, languages, formats and clinics."""

import json
import math
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.benchmarks import chart
from tests.benchmarks.measuring import (
    GOALS,
    LEAFLETS,
    Row,
    Size,
    chosen,
    clinic_of_sites,
    folder,
    leaflets,
    seconds,
)

_LANGUAGES = ("en", "es", "ar", "hi", "pl", "en-GB", "km", "ur")
_FORMATS = ("a4", "letter", "a5", "a4-large", "letter-large", "a4-giant")


class Point(msgspec.Struct, frozen=True):
    """A build: of how many of what was varied, its editions and pages, and its seconds."""

    count: int
    editions: int
    pages: int
    seconds: float


class _Build(msgspec.Struct, frozen=True):
    """What is built; what is not varied stays at these."""

    leaflets: tuple[str, ...] = LEAFLETS[:3]
    languages: tuple[str, ...] = _LANGUAGES[:2]
    formats: tuple[str, ...] = _FORMATS[:1]
    clinics: int = 1


_VARIED: dict[str, dict[int, _Build]] = {
    "leaflets": {n: _Build(leaflets=LEAFLETS[:n]) for n in (1, 3, 6, 9)},
    "languages": {n: _Build(languages=_LANGUAGES[:n]) for n in (1, 2, 4, 8)},
    "formats": {n: _Build(formats=_FORMATS[:n]) for n in (1, 2, 4, 6)},
    "clinics": {n: _Build(clinics=n) for n in (1, 2, 4, 8)},
}


def measured(rounds: int) -> dict[str, list[Point]]:
    """Build each point in turn, on 2 processes, and keep the median."""
    found: dict[tuple[str, int], list[Point]] = {}
    with folder() as work:
        clinics = {
            n: clinic_of_sites(work / f"clinic-{n}", n, _LANGUAGES) for n in _VARIED["clinics"]
        }
        for _ in range(rounds):
            for what, builds in _VARIED.items():
                for count, one in builds.items():
                    point = _point(work, count, one, clinics[one.clinics])
                    found.setdefault((what, count), []).append(point)
    middle = {
        key: msgspec.structs.replace(
            points[0], seconds=statistics.median(point.seconds for point in points)
        )
        for key, points in found.items()
    }
    return {what: [middle[what, count] for count in builds] for what, builds in _VARIED.items()}


def _point(work: Path, count: int, one: _Build, clinic: Path) -> Point:
    said: list[str] = []
    with tempfile.TemporaryDirectory(dir=work) as name:
        options = [
            "build", *one.leaflets, *chosen("-l", one.languages), *chosen("-f", one.formats),
            "--clinic", str(clinic), "-o", name, "--no-cache", "-j", "2", "--json",
        ]  # fmt: skip
        taken = seconds(lambda: said.append(leaflets(work, *options)))
    outcomes = json.loads(said[0])
    return Point(count, len(outcomes), sum(outcome["pages"] for outcome in outcomes), taken)


def exponent(points: Sequence[Point]) -> float:
    """Return how time grows with pages: 1 if twice the pages take twice the time."""
    across = [math.log(point.pages) for point in points]
    up = [math.log(point.seconds) for point in points]
    return statistics.linear_regression(across, up).slope


def rows(size: Size) -> list[Row]:
    """Measure the points, draw them, and compare their growth with that of the pages."""
    found = measured(max(1, size.rounds - 1))
    CHART[:] = [
        chart.drawn(
            "Time of a cold build, 2 processes",
            "pages printed",
            "seconds",
            {
                f"{what} {points[0].count} to {points[-1].count}": [
                    (point.pages, point.seconds) for point in points
                ]
                for what, points in found.items()
            },
        )
    ]
    return [
        Row(
            name=f"growth of time with {what}, {points[0].count} to {points[-1].count}",
            ours=exponent(points),
            theirs=1,
            unit="power",
            against="growth with the pages",
            goal=GOALS["growth"],
            note="Starting takes the same for all and flattens it. Pages, seconds: "
            + ", ".join(f"{point.pages} {point.seconds:.1f} s" for point in points)
            + ".",
            headline=what == "clinics",
        )
        for what, points in found.items()
    ]


#: The chart of the last run.
CHART: list[str] = []
