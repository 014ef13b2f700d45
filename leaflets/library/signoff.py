"""Sign-off: who approved which text and which facts, when, and until when, in `signoff.toml`.

An approval is bound to everything that stands on a leaflet in one language: each sentence of the
source and its translation, each fact, each term of the glossary. These are kept with it, by their
hash, so that a later change can be shown word by word. Modelled on ISO 17100: a translator, and a
reviser who is somebody else; then a clinician.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args

import msgspec
import tomli_w

from leaflets.errors import InputError
from leaflets.library import toml

Role = Literal["translator", "reviser", "clinician"]
ROLES: tuple[Role, ...] = get_args(Role)

FILE = "signoff.toml"

_HEAD = (
    "# Who approved which text, and until when. `leaflets sign` and `leaflets verify` write this\n"
    "# file; review it, and keep it in version control. An entry changed by hand is refused.\n\n"
)


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing on a leaflet that an approval covers: a sentence, a fact or a term.

    `source` is the English (or what a fact states), `translation` what stands for it; plural forms
    follow one another.
    """

    kind: Literal["sentence", "fact", "term"]
    id: str
    source: tuple[str, ...]
    translation: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Return the first 96 bits of its SHA-256 hash, in hexadecimal."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:24]


class Approval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one person in one role approved of a leaflet: the digests of its items, in order."""

    leaflet: str
    role: Role
    name: str
    on: dt.date
    until: dt.date
    items: tuple[str, ...]


class Verification(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who compared a fact with its source: `item` is the digest of what it stated then."""

    fact: str
    name: str
    role: str
    on: dt.date
    until: dt.date
    item: str


class SignOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The approvals and verifications of one file, and the items that they cover, by digest."""

    approval: tuple[Approval, ...] = ()
    verification: tuple[Verification, ...] = ()
    item: dict[str, Item] = {}


def load(folders: Sequence[Path], name: str) -> SignOff:
    """Read the sign-off `name`, a path below each folder; the first folder's entries come first."""
    found = [read(folder / name) for folder in folders]
    items: dict[str, Item] = {}
    for one in found:
        items |= one.item
    return SignOff(
        approval=tuple(approval for one in found for approval in one.approval),
        verification=tuple(entry for one in found for entry in one.verification),
        item=items,
    )


def read(path: Path) -> SignOff:
    """Read one file; one that does not exist is empty.

    Raises `InputError` if an item is not what its digest says: somebody changed the record by hand.
    """
    if not path.is_file():
        return SignOff()
    found = toml.read(path, SignOff)
    for digest, item in found.item.items():
        if item.digest != digest:
            raise InputError(
                path,
                f"the text of “{item.id}” was changed after it was approved; restore the file, or"
                " delete the approvals and sign again.",
                at=f"item.{digest}",
            )
    named = [(entry.name, digest) for entry in found.approval for digest in entry.items]
    for name, digest in (*named, *((one.name, one.item) for one in found.verification)):
        if digest not in found.item:
            raise InputError(
                path,
                f"what {name} approved is not in the file; restore it, or sign again.",
                at=f"item.{digest}",
            )
    return found


def with_approval(found: SignOff, approval: Approval, items: Iterable[Item]) -> SignOff:
    """Add an approval; it takes the place of the same role's for the same leaflet."""
    kept = [
        one
        for one in found.approval
        if (one.leaflet, one.role) != (approval.leaflet, approval.role)
    ]
    return _with_items(
        msgspec.structs.replace(found, approval=(*kept, approval)),
        {item.digest: item for item in items},
    )


def with_verification(found: SignOff, entry: Verification, item: Item) -> SignOff:
    """Add the verification of a fact; it takes the place of the one before."""
    kept = [one for one in found.verification if one.fact != entry.fact]
    return _with_items(
        msgspec.structs.replace(found, verification=(*kept, entry)), {item.digest: item}
    )


def _with_items(found: SignOff, added: Mapping[str, Item]) -> SignOff:
    """Keep the items that an entry names, in a fixed order."""
    named = {digest for one in found.approval for digest in one.items}
    named |= {one.item for one in found.verification}
    items = {**found.item, **added}
    kept = sorted(named, key=lambda digest: (items[digest].kind, items[digest].id, digest))
    return msgspec.structs.replace(found, item={digest: items[digest] for digest in kept})


def encoded(found: SignOff) -> bytes:
    """Write the file: entries by leaflet and role, so that two people's changes can be merged."""
    ordered = SignOff(
        approval=tuple(
            sorted(found.approval, key=lambda one: (one.leaflet, ROLES.index(one.role), one.name))
        ),
        verification=tuple(sorted(found.verification, key=lambda one: one.fact)),
        item=found.item,
    )
    data = msgspec.to_builtins(ordered, builtin_types=(dt.date,))
    stated = {key: value for key, value in data.items() if value}
    return _HEAD.encode() + tomli_w.dumps(stated).encode()
