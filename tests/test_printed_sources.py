"""What a sheet prints of a source: enough to find it."""

import datetime as dt

import pytest

from leaflets.library.sources import Source

CHECKED = dt.date(2026, 11, 29)


def paper(**parts: str) -> Source:
    return Source(
        kind="paper", title="A long title", checked=CHECKED, authors="Lee A and others",
        journal="Bone", year=2020, volume="3", **parts,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (paper(pages="1-9", doi="10.1/x"), "Lee A and others. Bone 2020. doi 10.1/x."),
        (paper(pages="1-9"), "Lee A and others. Bone 2020 3:1-9."),
        (paper(), "Lee A and others. A long title. Bone 2020 3."),
    ],
)
def test_a_title_is_printed_only_where_a_source_is_not_found_without_it(
    source: Source, line: str
) -> None:
    assert source.printed() == line
    assert "A long title" in source.citation()
