"""Sources: where a fact comes from, in `templates/sources.toml`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from leaflets.library import overlay, toml
from leaflets.library.values import Address, Id, Line, Prose, Words, described

FILE = "sources.toml"

#: The first printed book, and a year in which nobody reads this.
_YEAR = Meta(ge=1450, le=2200)

#: So many authors are named, of more the first alone.
_FEW_AUTHORS = 2

_Doi = Annotated[
    str, Meta(title="a DOI, which begins with 10.", max_length=200, pattern=r"\A(?:10\.\S+/\S+)?\Z")
]
_Pmid = Annotated[str, Meta(title="the digits of a PubMed number", pattern=r"\A(?:[0-9]{1,9})?\Z")]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A paper, a guideline or a page, and the day it was last looked up."""

    kind: Annotated[Words, described("What it is: paper, guideline, web.", "paper")]
    title: Annotated[Words, described("Its title, in its own language.", "Sacroplasty")]
    checked: Annotated[
        dt.date, described("The day on which somebody last looked it up.", dt.date(2026, 11, 24))
    ]
    authors: Annotated[Line, described("Its authors, as a reference names them.", "Smith J")] = ""
    publisher: Annotated[Line, described("Who published it, if it is in no journal.", "NHS")] = ""
    journal: Annotated[Line, described("The journal that it is in.", "BMJ")] = ""
    year: Annotated[
        Annotated[int, _YEAR] | None, described("The year in which it was published.", 2019)
    ] = None
    volume: Annotated[Line, described("The volume of the journal.", "30")] = ""
    issue: Annotated[Line, described("The issue of the volume.", "11")] = ""
    pages: Annotated[Line, described("First and last page.", "1845-1854")] = ""
    doi: Annotated[_Doi, described("Its DOI.", "10.1016/j.jvir.2019.06.013")] = ""
    pmid: Annotated[_Pmid, described("Its number in PubMed.", "31587952")] = ""
    url: Annotated[
        Address, described("Its address, if it has no DOI.", "https://www.nhs.uk/conditions/")
    ] = ""
    verified_how: Annotated[
        Prose, described("What was read on that day, and where.", "Abstract read.")
    ] = ""
    note: Annotated[Prose, described("What the next reader should know; not printed.")] = ""

    def citation(self) -> str:
        """Write the source as one line of a reference list, in its own language."""
        return _sentences(self.authors, self.title, self._host(self._volume()), self._number())

    def printed(self) -> str:
        """Write the source as a sheet prints it: no longer than it takes to find it.

        Few patients look a source up, and whole citations of one sheet would fill a page. A number
        leads to a paper, else its journal and pages; title and publisher to anything else.
        """
        number = f"doi {self.doi}" if self.doi else f"PubMed {self.pmid}" if self.pmid else ""
        found = number or (self.pages and self._host(self._volume()))
        if self.journal and found:
            year = "" if found != number else str(self.year or "")
            name = " ".join(part for part in (self._first_author() or self.journal, year) if part)
            return f"{name}, {found}"
        name = ", ".join(part for part in (self.title, self.authors or self.publisher) if part)
        site = urlsplit(self.url).hostname
        return f"{name} ({site.removeprefix('www.')})" if site else name

    def _first_author(self) -> str:
        """Name the authors, of more than two the first alone."""
        names = self.authors.removesuffix(" and others").split(", ")
        if len(names) <= _FEW_AUTHORS and not self.authors.endswith(" and others"):
            return self.authors
        return f"{names[0]} and others"

    def _volume(self) -> str:
        return self.volume + (f":{self.pages}" if self.pages else "")

    def _host(self, volume: str) -> str:
        parts = (self.journal or self.publisher, str(self.year or ""), volume)
        return " ".join(part for part in parts if part)

    def _number(self) -> str:
        if self.doi:
            return f"doi {self.doi}"
        return f"PubMed {self.pmid}" if self.pmid else self.url


def _sentences(*parts: str) -> str:
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of sources.toml; the key of a source is the id that facts name."""

    source: dict[Id, Source] = {}


def load(roots: Sequence[Path]) -> Mapping[str, Source]:
    """Read `sources.toml` of every root; the first root wins, source by source."""
    return overlay.entries(roots, FILE, lambda path: toml.read(path, File).source)
