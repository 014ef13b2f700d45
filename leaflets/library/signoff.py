"""Sign-off: who approved which text, facts and claims, when, and until when, in `signoff.toml`.

An approval is bound to everything that stands on a leaflet in one language: each sentence of the
source and its translation, each fact, each term of the glossary. These are kept with it, by their
hash, so that a later change can be shown word by word. Modelled on ISO 17100: a translator, and a
reviser who is somebody else; then a clinician.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
import tomli_w

from leaflets.errors import InputError
from leaflets.library import seal, toml
from leaflets.library.seal import Entry
from leaflets.library.values import Digest, Id, Line, Words, described

Role = Literal["translator", "reviser", "clinician"]
ROLES: tuple[Role, ...] = get_args(Role)

FILE = "signoff.toml"

#: What stands before the id of a claim where a fact could be meant: its table in claims.toml.
CLAIM = "claim."

_HEAD = (
    "# Who approved which text, and until when. `leaflets sign` and `leaflets verify` write this\n"
    "# file; review it, and keep it in version control. An entry changed by hand is refused.\n\n"
)


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that an approval or a verification covers: a sentence, a fact, a term or a claim.

    Of its pages: a passage, a text in head or foot, the pictures, or a file of the clinic.
    `source` is the English (or what a fact or a claim states and rests on), `translation` what
    stands for it; plural forms follow one another.
    """

    kind: Literal["sentence", "fact", "term", "claim", "passage", "margin", "picture", "file"]
    id: str
    source: tuple[str, ...]
    translation: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Return the first 128 bits of its SHA-256 hash, in hexadecimal."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:32]


class SignedPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that a clinician saw on the pages of a leaflet, for one site of the clinic."""

    site: Annotated[Line, described("Which site; empty for a clinic that has none.")] = ""
    region: Annotated[Line, described("The region whose numbers and names it shows.", "GB")]
    formats: Annotated[tuple[Id, ...], described("The formats that showed exactly this.", ["a4"])]
    items: Annotated[tuple[Digest, ...], described("The digests of what stood there, in order.")]


class Approval(Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one person in one role approved of a leaflet."""

    leaflet: Annotated[Id, described("The leaflet.", "recovery")]
    role: Annotated[Role, described("In which role.")]
    until: Annotated[dt.date, described("The last day on which it holds.", dt.date(2027, 11, 26))]
    items: Annotated[tuple[Digest, ...], described("The digests of what was approved, in order.")]
    page: Annotated[tuple[SignedPage, ...], described("What a clinician saw on the pages.")] = ()

    @property
    def digests(self) -> tuple[Digest, ...]:
        """List the digests of all that it covers."""
        return (*self.items, *(digest for page in self.page for digest in page.items))

    @property
    def right(self) -> str:
        """Name what the key must be allowed to do: its role."""
        return self.role


class Verification(Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who compared a fact or a claim with its sources."""

    fact: Annotated[Id, described("The fact, if it is one.", "walking-minutes")] = ""
    claim: Annotated[Id, described("The claim, if it is one.", "rest-and-clots")] = ""
    role: Annotated[Words, described("In which role.", "clinician")]
    until: Annotated[dt.date, described("The last day on which it holds.", dt.date(2027, 11, 26))]
    item: Annotated[Digest, described("The digest of what it stated then.")]

    @property
    def subject(self) -> str:
        """Name what was verified, as `leaflets verify` is told: a fact, or `claim.` and a claim."""
        return f"{CLAIM}{self.claim}" if self.claim else self.fact

    @property
    def right(self) -> str:
        """Name what the key must be allowed to do: verify facts, and claims with them."""
        return "facts"


class SignOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The approvals and verifications of one file, and the items that they cover, by digest."""

    approval: tuple[Approval, ...] = ()
    verification: tuple[Verification, ...] = ()
    item: dict[Digest, Item] = {}


def load(folders: Sequence[Path], name: str) -> SignOff:
    """Read the sign-off `name`, a path below each folder; the first folder's entries come first."""
    files = [read(folder / name) for folder in folders]
    items: dict[str, Item] = {}
    for file in files:
        items |= file.item
    return SignOff(
        approval=tuple(approval for file in files for approval in file.approval),
        verification=tuple(entry for file in files for entry in file.verification),
        item=items,
    )


def read(path: Path) -> SignOff:
    """Read one file; one that does not exist is empty.

    Raises `InputError` if an entry is not what its seal says, or an item not what its digest says:
    somebody changed the record by hand.
    """
    if not path.is_file():
        return SignOff()
    file = toml.read(path, SignOff)
    seal.check(path, "approval", file.approval)
    seal.check(path, "verification", file.verification)
    for digest, item in file.item.items():
        if item.digest != digest:
            raise InputError(
                path,
                f"the text of “{item.id}” was changed after it was approved; restore the file, or"
                " delete the approvals and sign again.",
                at=f"item.{digest}",
            )
    named = [(approval.name, digest) for approval in file.approval for digest in approval.digests]
    named += [(entry.name, entry.item) for entry in file.verification]
    for name, digest in named:
        if digest not in file.item:
            raise InputError(
                path,
                f"what {name} approved is not in the file; restore it, or sign again.",
                at=f"item.{digest}",
            )
    return file


def with_approval(before: SignOff, approval: Approval, items: Iterable[Item]) -> SignOff:
    """Add an approval; it takes the place of the same role's for the same leaflet."""
    kept = [
        other
        for other in before.approval
        if (other.leaflet, other.role) != (approval.leaflet, approval.role)
    ]
    return _with_items(
        msgspec.structs.replace(before, approval=(*kept, approval)),
        {item.digest: item for item in items},
    )


def with_verification(before: SignOff, entry: Verification, item: Item) -> SignOff:
    """Add the verification of a fact or a claim; it takes the place of the one before."""
    kept = [other for other in before.verification if other.subject != entry.subject]
    return _with_items(
        msgspec.structs.replace(before, verification=(*kept, entry)), {item.digest: item}
    )


def _with_items(signed: SignOff, added: Mapping[str, Item]) -> SignOff:
    """Keep the items that an entry names, in a fixed order."""
    named = {digest for approval in signed.approval for digest in approval.digests}
    named |= {entry.item for entry in signed.verification}
    items = {**signed.item, **added}
    kept = sorted(named, key=lambda digest: (items[digest].kind, items[digest].id, digest))
    return msgspec.structs.replace(signed, item={digest: items[digest] for digest in kept})


def encoded(signed: SignOff) -> bytes:
    """Write the file: entries by leaflet and role, so that two people's changes can be merged."""
    approvals = sorted(
        signed.approval,
        key=lambda entry: (entry.leaflet, ROLES.index(entry.role), entry.name),
    )
    verifications = sorted(signed.verification, key=lambda entry: entry.subject)
    data = {
        "approval": seal.rows(approvals),
        "verification": seal.rows(verifications),
        "item": msgspec.to_builtins(signed.item),
    }
    stated = {key: value for key, value in data.items() if value}
    return _HEAD.encode() + tomli_w.dumps(stated).encode()
