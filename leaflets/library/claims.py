"""Claims: every clinical statement, what it rests on and how that was read, in `claims.toml`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import translate
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from leaflets.errors import InputError
from leaflets.library import overlay, toml
from leaflets.library.values import Id, Line, MessagePattern, Prose, Words, described

FILE = "claims.toml"

Basis = Literal["source", "house", "local"]
Extent = Literal["whole", "in part", "abstract", "summary", "not read"]

#: What each basis means, in the words of those who are asked to rely on it.
BASES: Mapping[Basis, str] = {
    "source": "a source",
    "house": "our own judgement",
    "local": "the clinic decides",
}

_Messages = Annotated[
    tuple[MessagePattern, ...],
    Meta(title="a list of ids of messages, in each a star for anything", min_length=1),
]


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A clinical statement, the messages that state it, and what it rests on."""

    says: Annotated[
        Words,
        described(
            "The statement, in one plain sentence.", "Long rest in bed can cause blood clots."
        ),
    ]
    messages: Annotated[
        _Messages,
        described(
            "The messages that state it; a star stands for anything.",
            ["sample.rest", "sample.help.*"],
        ),
    ]
    basis: Annotated[
        Basis,
        described(
            "What it rests on: a source, our own judgement (house), or what the clinic decides"
            " (local).",
            "source",
        ),
    ]
    sources: Annotated[
        tuple[Id, ...],
        described("Keys of sources.toml; at least one if it rests on a source.", ["nice-2024"]),
    ] = ()
    place: Annotated[Line, described("Where it stands in the source.", "Recommendation 1.3.2")] = ""
    read: Annotated[
        Extent | None,
        described(
            "How much of the source was read for this claim; of several, the one read least. Stated"
            " if there is a source.",
            "abstract",
        ),
    ] = None
    note: Annotated[
        Prose,
        described(
            "Its weakness, and where sources differ; our reason, if it is our own judgement. Not"
            " printed.",
        ),
    ] = ""


class NoClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Messages that tell a patient nothing clinical."""

    messages: Annotated[
        tuple[MessagePattern, ...],
        Meta(title="a list of ids of messages, in each a star for anything"),
        described("The messages; a star stands for anything.", ["*.words.*"]),
    ] = ()


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of claims.toml; `leaflets verify` names a claim by its key: `claim.<name>`."""

    claim: dict[Id, Claim] = {}
    no_claim: NoClaim = NoClaim()


class Claims(msgspec.Struct, frozen=True, dict=True):
    """All claims by their ids, and the patterns of messages that need none."""

    entries: Mapping[str, Claim]
    no_claim: tuple[str, ...]

    def of(self, message_id: str) -> tuple[str, ...]:
        """List the ids of the claims that a message states."""
        stated = self._stated.get(message_id)
        if stated is None:
            stated = self._stated[message_id] = tuple(
                claim_id for claim_id, fits in self._patterns.items() if fits.match(message_id)
            )
        return stated

    def stated_in(self, message_ids: Iterable[str]) -> tuple[str, ...]:
        """List the ids of the claims that messages state, each once, in the order of these."""
        return tuple(dict.fromkeys(claim for each in message_ids for claim in self.of(each)))

    def is_settled(self, message_id: str) -> bool:
        """Tell whether a message states a claim, or is listed as one that tells nothing clinical.

        Where both is so, the claim counts.
        """
        return bool(self._unclaimed.match(message_id)) or bool(self.of(message_id))

    @cached_property
    def _stated(self) -> dict[str, tuple[str, ...]]:
        """Keep what was asked for: each language asks for the same messages."""
        return {}

    @cached_property
    def _patterns(self) -> Mapping[str, re.Pattern[str]]:
        return {claim_id: matching(claim.messages) for claim_id, claim in self.entries.items()}

    @cached_property
    def _unclaimed(self) -> re.Pattern[str]:
        return matching(self.no_claim)


def matching(patterns: Sequence[str]) -> re.Pattern[str]:
    """Compile patterns of ids into one that fits what any of them fits; none fits nothing."""
    return re.compile("|".join(map(translate, patterns)) or r"(?!)")


def load(roots: Sequence[Path]) -> Claims:
    """Read `claims.toml` of every root; the first root wins, claim by claim.

    What needs no claim is listed in all of them together.
    """
    files = [read(path) for path in overlay.each(roots, FILE)]
    entries = {claim_id: claim for file in files for claim_id, claim in file.claim.items()}
    return Claims(
        entries=dict(sorted(entries.items())),
        no_claim=tuple(pattern for file in files for pattern in file.no_claim.messages),
    )


def read(path: Path) -> File:
    """Read one file; raise `InputError` for a claim that does not say what it rests on."""
    file = toml.read(path, File)
    for claim_id, claim in file.claim.items():
        for key, fault in _faults(claim):
            raise InputError(path, fault, at=f"claim.{claim_id}.{key}")
    return file


def _faults(claim: Claim) -> Iterable[tuple[str, str]]:
    """Yield the key and the words of what a claim lacks."""
    if claim.basis == "source" and not claim.sources:
        yield "sources", "it rests on a source and names none; name one of sources.toml."
    if claim.sources and not claim.read:
        yield "read", "state how much of the source was read for it: whole, in part, or another."
    if claim.read and not claim.sources:
        yield "read", "it names no source that was read; name one, or take `read` out."
    if claim.basis == "house" and not claim.note.strip():
        yield "note", "it is our own judgement; give the reason."
