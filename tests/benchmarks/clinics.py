"""Many clinics: the sites of one folder, 9 leaflets and 3 languages each."""

import statistics

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


def rows(size: Size) -> list[Row]:
    """Build more and more sites, cold, on 2 processes, with one site before each and at the end."""
    each = len(LEAFLETS) * len(_LANGUAGES)
    times: dict[int, float] = {}
    ones: list[float] = []
    with folder() as work:
        paths = {n: clinic_of_sites(work / f"clinic-{n}", n, _LANGUAGES) for n in size.clinics}
        first, *more = size.clinics

        def taken(count: int) -> float:
            options = ("--clinic", str(paths[count]), "-f", "a4", "-j", "2")
            return seconds(lambda: build(work, *options))

        for count in more:
            ones.append(taken(first))
            times[count] = taken(count)
        ones.append(taken(first))
    one = each * first / statistics.median(ones)
    return [
        Row(
            name=f"{count} clinics, {each * count} editions, 2 processes",
            ours=each * count / time,
            theirs=one,
            unit="editions/s",
            against=f"{first} clinic, {each * first} editions",
            goal=GOALS["clinics"],
            note=f"At this rate, 200 clinics take {time / count * 200 / 60:.0f} minutes.",
            headline=count == more[-1],
        )
        for count, time in times.items()
    ]
