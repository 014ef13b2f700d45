"""Recalls: editions that a clinic has taken back, in `recalls.toml` of its folder."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import msgspec
import tomli_w

from leaflets.errors import InputError
from leaflets.library import edition_code, seal, toml
from leaflets.library.parts import Parts
from leaflets.library.seal import Entry
from leaflets.library.signoff import Item
from leaflets.library.values import Id, Paragraph, Words, described

FILE = "recalls.toml"

#: Spaces, separators of lines, control and format characters.
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})

_HEAD = (
    "# Editions that were taken back. `leaflets recall` writes this file; review it, and keep it\n"
    "# in version control. What it names is not printed again until something of it changes.\n\n"
)


class Recall(Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which edition was recalled, by whom, when and why."""

    code: Annotated[Words, described("The code at the foot of its pages.", "AQ6-R2YY")]
    leaflet: Annotated[Id, described("The leaflet.", "recovery")]
    language: Annotated[Words, described("Its language, or both of them.", "es")]
    format: Annotated[Id, described("Its format.", "a4")]
    reason: Annotated[Paragraph, described("Why.", "Wrong number")]
    fingerprint: Annotated[Words, described("The fingerprint that the code is made of.")]
    words: Annotated[
        str,
        described("A digest of its texts; what has the same in this format is held too."),
    ] = ""

    @property
    def right(self) -> str:
        """Name what the key must be allowed to do: recall editions."""
        return "recall"


def words_of(items: Iterable[Item], parts: Parts) -> str:
    """Digest what is read of texts: neither white space nor unseen characters count, nor order.

    A second space in a telephone number gives an edition another fingerprint, and the number is as
    wrong as before. Nor does it count whether it is a draft or a release.
    """
    read = sorted(
        "".join(char for char in text if unicodedata.category(char) not in _UNSEEN)
        for item in items
        if not parts.is_status(item.id)
        for text in (item.id, *(item.translation or item.source))
    )
    return hashlib.sha256(msgspec.json.encode(read)).hexdigest()[:32]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of recalls.toml."""

    recall: tuple[Recall, ...] = ()


def load(clinic: Path | None) -> Mapping[str, Recall]:
    """Read the recalls of a clinic folder, by fingerprint.

    Raises `InputError` for an entry that was changed by hand, and if a code and its fingerprint do
    not belong together.
    """
    path = clinic / FILE if clinic else None
    if path is None or not path.is_file():
        return {}
    recalls = toml.read(path, File).recall
    seal.check(path, "recall", recalls)
    for number, recall in enumerate(recalls, 1):
        try:
            right = edition_code.of(recall.fingerprint) == recall.code
        except ValueError:
            right = False
        if not right:
            raise InputError(
                path,
                f"“{recall.code}” is not the code of its fingerprint; restore the entry, or"
                " delete it and run `leaflets recall` again.",
                at=f"recall, entry {number}",
            )
    return {recall.fingerprint: recall for recall in recalls}


def encoded(recalls: Mapping[str, Recall]) -> bytes:
    """Write the file: the oldest recall first."""
    ordered = sorted(recalls.values(), key=lambda recall: (recall.on, recall.code))
    return (_HEAD + tomli_w.dumps({"recall": seal.rows(ordered)})).encode()
