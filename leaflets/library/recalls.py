"""Recalls: editions that a clinic has taken back, in `recalls.toml` of its folder."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import msgspec
import tomli_w

from leaflets.errors import InputError
from leaflets.library import edition_code, toml

FILE = "recalls.toml"

_HEAD = (
    "# Editions that were taken back. `leaflets recall` writes this file; review it, and keep it\n"
    "# in version control. What it names is not printed again until something of it changes.\n\n"
)


class Recall(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which edition was recalled, by whom, when and why."""

    code: str
    leaflet: str
    language: str
    format: str
    on: dt.date
    name: str
    reason: str
    fingerprint: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    recall: tuple[Recall, ...] = ()


def load(clinic: Path | None) -> Mapping[str, Recall]:
    """Read the recalls of a clinic folder, by fingerprint.

    Raises `InputError` if a code and its fingerprint do not belong together: one was mistyped.
    """
    path = clinic / FILE if clinic else None
    if path is None or not path.is_file():
        return {}
    found = toml.read(path, _File).recall
    for number, one in enumerate(found, 1):
        try:
            right = edition_code.of(one.fingerprint) == one.code
        except ValueError:
            right = False
        if not right:
            raise InputError(
                path,
                f"“{one.code}” is not the code of its fingerprint; restore the entry, or delete it"
                " and run `leaflets recall` again.",
                at=f"recall, entry {number}",
            )
    return {one.fingerprint: one for one in found}


def encoded(found: Mapping[str, Recall]) -> bytes:
    """Write the file: the oldest recall first."""
    ordered = sorted(found.values(), key=lambda one: (one.on, one.code))
    entries = msgspec.to_builtins(ordered, builtin_types=(dt.date,))
    return (_HEAD + tomli_w.dumps({"recall": entries})).encode()
