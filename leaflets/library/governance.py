"""Governance: who wrote and reviewed a leaflet, and how patients took part; in its `leaflet.toml`.

Roles, and never names: people sign with their names in `signoff.toml`. That patients tested a
leaflet cannot be stated here: it follows from the results of a user test.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from leaflets.errors import InputError
from leaflets.library.values import Words, described

#: Who writes leaflets. Each has a message in `templates/parts.html`, for it is printed.
Author = Literal["project", "clinic"]

#: Who reads a leaflet before anybody signs it.
Reviewer = Literal[
    "bone specialist", "doctor", "editor", "nurse", "pharmacist", "physiotherapist", "radiologist",
    "surgeon",
]  # fmt: skip

#: How patients took part while a leaflet was written.
Patients = Literal["none yet", "asked", "wrote with us"]

#: The same, and who wrote it, in the words of a person.
AUTHORS: Mapping[Author, str] = {"project": "the Leaflets project", "clinic": "the clinic"}
PATIENTS: Mapping[Patients, str] = {
    "none yet": "none has taken part yet",
    "asked": "asked what they want to know",
    "wrote with us": "wrote it with the authors",
}

#: What stands for an empty list of reviewers.
NOBODY = "nobody yet"


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has changed for the reader of a leaflet, and since when."""

    day: Annotated[dt.date, described("The day of the change.", dt.date(2026, 11, 24))]
    what: Annotated[Words, described("What the reader finds now, in English.", "Where to write.")]


class Governance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a committee asks before it lets a leaflet be handed out."""

    authors: Annotated[
        tuple[Author, ...],
        Meta(min_length=1, max_length=2),
        described("Who wrote it; it is printed on the leaflet.", ["project"]),
    ]
    reviewers: Annotated[
        tuple[Reviewer, ...],
        Meta(max_length=20),
        described("The roles of those who reviewed it; none if nobody has yet.", ["radiologist"]),
    ] = ()
    patients: Annotated[
        Patients,
        described("How patients took part in writing it. A user test alone says who tested it."),
    ]
    conflicts: Annotated[
        Words,
        described(
            "What its authors and reviewers declare that they gain from, or that they were not"
            " asked.",
            "None declared.",
        ),
    ]
    changes: Annotated[
        tuple[Change, ...],
        Meta(min_length=1, max_length=100),
        described("What has changed for the reader, the newest first."),
    ]

    def statements(self) -> tuple[tuple[str, str], ...]:
        """Say all of it but the changes, each by its heading."""
        return (
            ("Written by", ", ".join(AUTHORS[author] for author in self.authors)),
            ("Reviewed by", ", ".join(self.reviewers) or NOBODY),
            ("Patients", PATIENTS[self.patients]),
            ("Interests", self.conflicts),
        )


def check(governance: Governance, path: Path) -> None:
    """Raise `InputError` if a role is named twice, or a change does not come before older ones."""
    for key, roles in (("authors", governance.authors), ("reviewers", governance.reviewers)):
        if len({*roles}) < len(roles):
            raise InputError(path, "a role is named twice; name it once.", at=f"governance.{key}")
    days = [change.day for change in governance.changes]
    if days != sorted(days, reverse=True):
        raise InputError(
            path, "the newest change must come first; put them in order.", at="governance.changes"
        )
