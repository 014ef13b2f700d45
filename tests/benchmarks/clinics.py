"""Many clinics: the sites of one folder, 9 leaflets and 3 languages each."""

import statistics
from contextlib import ExitStack

from leaflets.render.fontconfig import isolated
from tests.benchmarks import cold
from tests.benchmarks.measuring import (
    GOALS,
    LEAFLETS,
    Row,
    Size,
    build,
    clinic_of_sites,
    folder,
    seconds,
)

_LANGUAGES = ("en", "es", "ar")

#: Who sets the pages too.
_PEERS = ("loop", "chromium", "typst")


def rows(size: Size) -> list[Row]:
    """Build more and more sites, cold, on 2 processes, with one site before each and at the end.

    Peers set the pages of one clinic each time: they gain nothing from another.
    """
    each = len(LEAFLETS) * len(_LANGUAGES)
    times: dict[int, float] = {}
    ones: list[float] = []
    others: dict[str, list[float]] = {kind: [] for kind in _PEERS}
    with folder() as work, ExitStack() as stack:
        files, names = cold.composed(work, LEAFLETS, _LANGUAGES)
        paths = {n: clinic_of_sites(work / f"clinic-{n}", n, _LANGUAGES) for n in size.clinics}
        first, *more = size.clinics

        def taken(count: int) -> float:
            options = ("--clinic", str(paths[count]), "-f", "a4", "-j", "2")
            return seconds(lambda: build(work, *options))

        for count in more:
            ones.append(taken(first))
            times[count] = taken(count)
        ones.append(taken(first))
        stack.enter_context(isolated(files))  # for the peers; ours showed itself the same fonts
        for kind, found in others.items():
            asked = cold.peer(work, kind, names, 2)
            found += [asked.time() for _ in range(size.rounds)]
    one = each * first / statistics.median(ones)
    last = more[-1]
    return [
        *(
            Row(
                name=f"{count} clinics, {each * count} editions, 2 processes",
                ours=each * count / time,
                theirs=one,
                unit="editions/s",
                against=f"{first} clinic, {each * first} editions",
                goal=GOALS["clinics"],
                note=f"At this rate, 200 clinics take {time / count * 200 / 60:.0f} minutes.",
                headline=count == last,
            )
            for count, time in times.items()
        ),
        *(
            Row(
                name=f"{last} clinics, {each * last} editions, 2 processes",
                ours=each * last / times[last],
                theirs=len(names) / statistics.median(found),
                unit="editions/s",
                against=cold.PEERS[kind][0],
                goal=GOALS[kind],
                note=cold.PEERS[kind][1],
                headline=True,
            )
            for kind, found in others.items()
        ),
    ]
