"""What a sheet prints of a source: enough to find it."""

import datetime as dt

import pytest

from leaflets.library.sources import Source

CHECKED = dt.date(2026, 11, 29)


def paper(**parts: str) -> Source:
    usual = {"authors": "Lee A and others", "journal": "Bone", "volume": "3"}
    return Source(
        kind="paper", title="A long title", checked=CHECKED, year=2020, **{**usual, **parts}
    )


def page(url: str = "") -> Source:
    return Source(kind="web", title="Cramps", publisher="NHS", checked=CHECKED, url=url)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (paper(pages="1-9", doi="10.1/x"), "Lee A and others 2020, doi 10.1/x"),
        (paper(pages="1-9", pmid="12"), "Lee A and others 2020, PubMed 12"),
        (paper(pages="1-9"), "Lee A and others, Bone 2020 3:1-9"),
        (paper(), "A long title, Lee A and others"),
        (paper(authors="Lee A, Wu B", pmid="12"), "Lee A, Wu B 2020, PubMed 12"),
        (paper(authors="Lee A, Wu B, Day C", pmid="12"), "Lee A and others 2020, PubMed 12"),
        (paper(authors="", pmid="12"), "Bone 2020, PubMed 12"),
        (page(url="https://www.nhs.uk/a/b"), "Cramps, NHS (nhs.uk)"),
        (page(), "Cramps, NHS"),
    ],
)
def test_a_title_is_printed_only_where_a_source_is_not_found_without_it(
    source: Source, line: str
) -> None:
    assert source.printed() == line
    assert source.title in source.citation()
