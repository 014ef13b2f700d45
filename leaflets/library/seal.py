"""Seal: what binds an entry of a record to all that it says, and what a key signs of it.

The seal is a digest over all that an entry says: it finds an entry that was changed by hand. It is
no proof, for anybody can make one. A signature with the person's own key is.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from leaflets.errors import InputError, RequestError
from leaflets.library.values import Digest, Words, described, is_seen

#: The keys that are made of what all others say.
_MADE = ("seal", "signature")

Signature = Annotated[
    str,
    Meta(
        title="an SSH signature",
        max_length=20_000,
        pattern=r"\A(?:-----BEGIN SSH SIGNATURE-----\n[A-Za-z0-9+/=\n]+"
        r"-----END SSH SIGNATURE-----\n)?\Z",
    ),
]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one person signed, in whichever record."""

    name: Annotated[Words, described("Who signed it.", "Ana Ruiz")]
    seal: Annotated[
        Digest,
        described("The digest of all that the entry says; without it, the entry is refused."),
    ] = ""
    signature: Annotated[
        Signature, described("The signature by the person's key; left out if there is none.")
    ] = ""
    on: Annotated[dt.date, described("The day on which it was signed.", dt.date(2026, 11, 26))]

    @property
    def right(self) -> str:
        """Name what the key must be allowed to do: a role, "facts" or "recall"."""
        raise NotImplementedError


EntryT = TypeVar("EntryT", bound=Entry)


def statement(entry: Entry) -> bytes:
    """Return what is sealed and signed: the kind of the entry, and all that it says, as JSON.

    The keys are sorted, and what is empty is left out, so that a key of a later version changes
    no seal of today.
    """
    return msgspec.json.encode(
        {"kind": type(entry).__name__.lower(), "says": _said(entry)}, order="sorted"
    )


def sealed(entry: EntryT) -> EntryT:
    """Put the seal on an entry that says all it has to say.

    Raises `RequestError` for a name with characters that are not seen: no file would be read again
    with it, and two people could be told apart by what nobody sees.
    """
    if not is_seen(entry.name):
        raise RequestError(f"“{entry.name}” holds a character that is not seen; type it again.")
    return msgspec.structs.replace(entry, seal=_seal(entry))


def check(path: Path, key: str, entries: Sequence[Entry]) -> None:
    """Raise `InputError` if an entry of a file, in a list of that key, is not what its seal says.

    Somebody changed it by hand.
    """
    for number, entry in enumerate(entries, 1):
        if entry.seal != _seal(entry):
            raise InputError(
                path,
                f"this entry of {entry.name} was changed by hand after it was signed; restore the"
                " file from version control, or delete the entry and sign again.",
                at=f"{key}, entry {number}",
            )


def rows(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return entries as they stand in a file: nothing that is empty; seal and signature last."""
    return [
        _said(entry) | {key: getattr(entry, key) for key in _MADE if getattr(entry, key)}
        for entry in entries
    ]


def _said(entry: Entry) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.to_builtins(entry, builtin_types=(dt.date,))
    return {key: value for key, value in data.items() if value and key not in _MADE}


def _seal(entry: Entry) -> str:
    return hashlib.sha256(statement(entry)).hexdigest()[:32]
