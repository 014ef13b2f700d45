"""Pagination: set a page again only if a page number that stands on it has changed.

A leaflet says on its first page on which page a part begins, so that page is set once more when
this is known. WeasyPrint takes a link's `href` for no place at all, waits for any change instead,
and sets the page a third time because the number of pages is known, which nothing on it shows.
Here each place knows who points to it.
"""

import copy
from collections.abc import Callable
from typing import Any

from leaflets.insides import Patch, Touch


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


def _only_if_asked_for(theirs: Callable[..., None]) -> Callable[..., None]:
    """Let the pages that point to a place hear only of counters that they show."""

    def cache_target_page_counters(
        self: Any,  # noqa: ANN401 - the same
        anchor: str,
        counters: dict[str, list[int]],
        index: int,
        pages: list[Any],
    ) -> None:
        target = self.target_lookup_items.get(anchor)
        before = target.cached_page_counter_values if target else {}
        asked = _asked_for(self, anchor)
        if before and all(before.get(name) == counters.get(name) for name in asked):
            target.page_maker_index = index
            target.cached_page_counter_values = copy.deepcopy(counters)
        else:
            theirs(self, anchor, counters, index, pages)

    return cache_target_page_counters


def _asked_for(collector: Any, anchor: str) -> set[str]:  # noqa: ANN401 - the same
    """Name the counters of a place that any text shows."""
    return {
        name
        for asking in collector.counter_lookup_items.values()
        for name in asking.missing_target_counters.get(anchor, ())
    }


_ONCE = "tests/test_speed.py::test_only_a_page_with_a_number_of_another_is_set_again_and_once"

PATCHES = (
    Patch(
        "weasyprint.css.targets.TargetCollector.collect_missing_counters",
        _naming_the_place,
        digest="24ea43be86560c9d",
        why="A number behind a link's `href` is kept by the name of its place. WeasyPrint keeps it"
        " without a name, and then sets the page again whenever any number changes.",
        needless_when="`target-counter(attr(href), page)` is kept by the name of its anchor, as"
        " `target-counter(url(#name), page)` is.",
        test=_ONCE,
    ),
    Patch(
        "weasyprint.css.targets.TargetCollector.cache_target_page_counters",
        _only_if_asked_for,
        digest="545eb30bb50f0e49",
        why="A page is set again only for a number that it shows. WeasyPrint also does so when the"
        " count of all pages becomes known.",
        needless_when="WeasyPrint looks whether the text shows the number that has changed.",
        test=_ONCE,
    ),
)

TOUCHES = (
    Touch(
        (
            "weasyprint.css.targets.TargetCollector.target_lookup_items",
            "weasyprint.css.targets.TargetCollector.counter_lookup_items",
            "weasyprint.css.targets.TargetLookupItem.page_maker_index",
            "weasyprint.css.targets.TargetLookupItem.cached_page_counter_values",
            "weasyprint.css.targets.CounterLookupItem.missing_target_counters",
        ),
        why="Which numbers of a place are shown, and what they were when it was last set.",
        needless_when="The two patches of `TargetCollector` can go.",
        test="tests/test_speed.py::test_a_page_number_is_right_where_stating_it_moves_the_place",
    ),
)
