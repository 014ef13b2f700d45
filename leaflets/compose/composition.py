"""Composition: an edition as one page of HTML, and the account of what composing asked for."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from leaflets.catalogs import integrity
from leaflets.compose.inputs import Input
from leaflets.library import edition_code


class Composition(msgspec.Struct, frozen=True, kw_only=True):
    """The page as HTML, each message in an element that names it, and what composing asked for.

    `fingerprint` is the hash of all that decides its file, and the edition code follows from it.
    `inputs` are what the page was made of, and `assets` the files that it names, with their hashes.
    `requested` maps the key of each message to its source text and plural; `missing` lists those
    printed in English for want of a translation; `faults` those whose translation is damaged.
    `stamps` are what differs from one release to the next though nobody writes it: its dates, and
    the names of other languages. `details` are the texts that stand on it for one patient.
    `beside` is the same page in the second language of a bilingual edition.
    """

    html: str
    title: str
    fingerprint: str = ""
    inputs: tuple[Input, ...] = ()
    assets: Mapping[Path, str] = {}
    requested: Mapping[tuple[str, str], tuple[str, ...]]
    missing: tuple[tuple[str, str], ...]
    faults: Mapping[tuple[str, str], integrity.Fault]
    flags: tuple[str, ...]
    facts: tuple[str, ...]
    locals: tuple[str, ...]
    stamps: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    beside: "Composition | None" = None

    @property
    def code(self) -> str:
        """Return the edition code: short enough to copy by hand onto a consent form."""
        return edition_code.of(self.fingerprint)
