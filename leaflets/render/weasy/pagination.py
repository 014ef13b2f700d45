"""Pagination: set a page again only if a page number that stands on it has changed.

A leaflet says on its first page on which page a part begins, so that page is set once more when
this is known. WeasyPrint takes a link's `href` for no place at all, waits for any change instead,
and sets the page a third time because the number of pages is known, which nothing on it shows.
Here each place knows who points to it.
"""

from collections.abc import Callable
from typing import Any

from leaflets.insides import Patch


def _naming_the_place(theirs: Callable[..., None]) -> Callable[..., None]:
    """Keep a counter that is missing at the end of a link by the name of that place."""

    def collect_missing_counters(  # noqa: PLR0917 - as WeasyPrint calls it
        self: Any,  # noqa: ANN401 - WeasyPrint has no type information
        box: Any,  # noqa: ANN401 - the same
        token: str,
        parse_again: Callable[..., None],
        missing: list[str],
        at_targets: dict[str | None, list[str]],
    ) -> None:
        names = at_targets.get(None)
        if names is not None and missing is names and "href" in box.element.attrib:
            missing, at_targets = [], {box.element.get("href").removeprefix("#"): names}
        theirs(self, box, token, parse_again, missing, at_targets)

    return collect_missing_counters


PATCHES = (
    Patch(
        "weasyprint.css.targets.TargetCollector.collect_missing_counters",
        _naming_the_place,
        digest="24ea43be86560c9d",
        why="A number behind a link's `href` is kept by the name of its place. WeasyPrint keeps it"
        " without a name, and then sets the page again whenever any number changes.",
        needless_when="`target-counter(attr(href), page)` is kept by the name of its anchor, as"
        " `target-counter(url(#name), page)` is.",
        test="tests/test_speed.py::test_only_a_page_with_a_number_of_another_is_set_again_and_once",
    ),
)
