"""Pagination: set a page again only if a page number that stands on it has changed.

A leaflet says on its first page on which page a part begins, so that page is set once more when
this is known. WeasyPrint takes a link's `href` for no place at all, waits for any change instead,
and sets the page a third time because the number of pages is known, which nothing on it shows.
Here each place knows who points to it. Like `tagging.py` this touches WeasyPrint.
"""

import copy
from collections.abc import Callable
from typing import Any

from weasyprint.css.targets import TargetCollector

from leaflets.render.weasy.patching import Patch, Patches


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


PATCHES = Patches(
    (
        Patch(
            TargetCollector,
            "collect_missing_counters",
            _naming_the_place(TargetCollector.collect_missing_counters),
        ),
        Patch(
            TargetCollector,
            "cache_target_page_counters",
            _only_if_asked_for(TargetCollector.cache_target_page_counters),
        ),
    )
)
