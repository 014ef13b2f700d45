"""Sources: where a fact comes from, in `templates/sources.toml`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from leaflets.library import toml


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A paper, a guideline or a page, and the day it was last looked up."""

    kind: str
    title: str
    checked: dt.date
    authors: str = ""
    publisher: str = ""
    journal: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""
    verified_how: str = ""
    note: str = ""

    def citation(self) -> str:
        """Write the source as one line of a reference list, in its own language."""
        volume = self.volume + (f":{self.pages}" if self.pages else "")
        host = " ".join(
            part for part in (self.journal or self.publisher, str(self.year or ""), volume) if part
        )
        number = f"doi {self.doi}" if self.doi else f"PubMed {self.pmid}" if self.pmid else self.url
        parts = (self.authors, self.title, host, number)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: dict[str, Source] = {}


def load(roots: Sequence[Path]) -> Mapping[str, Source]:
    """Read `sources.toml` of every root; the first root wins, source by source."""
    found: dict[str, Source] = {}
    for root in reversed(roots):
        if (root / "sources.toml").is_file():
            found |= toml.read(root / "sources.toml", _File).source
    return found
