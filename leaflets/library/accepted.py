"""Accepted: findings that somebody looked at and found right, in `accepted.toml` of a language.

A check can dislike a wording that is right. Whoever knows better says so, with a reason and a day
by which it is looked at again; the words are bound by their digest, so that a changed text is
checked anew.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import tomli_w
from msgspec import Meta

from leaflets.library import overlay, seal, toml
from leaflets.library.seal import Entry
from leaflets.library.signoff import Item, Role
from leaflets.library.values import Digest, Prose, described

FILE = "accepted.toml"

_HEAD = (
    "# Findings of checks that were looked at and found right. `leaflets accept` writes this\n"
    "# file; an entry holds for exactly the text that its digest names, and until its day.\n\n"
)

MessageId = Annotated[str, Meta(title="the id of a message", pattern=r"\A[a-z0-9.-]+\Z")]
CodeId = Annotated[str, Meta(title="the id of a code", pattern=r"\A[A-Z]+-[0-9]{2}\Z")]


class Acceptance(Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one person accepted: a finding of one code in one text, why, and until when."""

    code: Annotated[CodeId, described("The code of the finding.", "NEG-01")]
    message: Annotated[MessageId, described("The id of the message.", "recovery.walk")]
    text: Annotated[Digest, described("The digest of the English and its translation.")]
    role: Annotated[Role, described("In which role; a warning sign needs the clinician.")]
    why: Annotated[Prose, described("Why it is right.", "The Spanish verb denies by itself.")]
    until: Annotated[dt.date, described("The last day on which it holds.", dt.date(2027, 11, 29))]

    @property
    def key(self) -> tuple[str, str]:
        """Name what is accepted: the code and the message."""
        return self.code, self.message

    @property
    def right(self) -> str:
        """Name what the key must be allowed to do: its role."""
        return self.role


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of accepted.toml."""

    accepted: tuple[Acceptance, ...] = ()


def file_of(tag: str) -> str:
    """Name the file of a language, relative to a locale root."""
    return f"{tag.replace('-', '_')}/{FILE}"


def load(locales: Sequence[Path], tag: str) -> tuple[Acceptance, ...]:
    """Read what is accepted in a language, in every locale root; all entries count.

    Raises `InputError` naming file and key, and for an entry that was changed by hand.
    """
    return tuple(entry for path in overlay.each(locales, file_of(tag)) for entry in read(path))


def read(path: Path) -> tuple[Acceptance, ...]:
    """Read one file; one that does not exist is empty. An entry changed by hand is refused."""
    if not path.is_file():
        return ()
    acceptances = toml.read(path, File).accepted
    seal.check(path, "accepted", acceptances)
    return acceptances


def text_of(message_id: str, source: Sequence[str], forms: Sequence[str]) -> str:
    """Return the digest of a text: that by which a sign-off names the same sentence."""
    return Item("sentence", message_id, tuple(source), tuple(forms)).digest


def encoded(entries: Sequence[Acceptance]) -> bytes:
    """Write the file: one entry for each finding, the newest; ordered so that git can merge."""
    newest = {(entry.message, entry.code): entry for entry in entries}
    data = seal.rows([newest[key] for key in sorted(newest)])
    return _HEAD.encode() + tomli_w.dumps({"accepted": data} if data else {}).encode()
