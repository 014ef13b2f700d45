"""A leaflet: one topic, described by `templates/leaflets/<slug>/leaflet.toml`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from leaflets.errors import InputError
from leaflets.library import governance, toml, values
from leaflets.library.governance import Governance
from leaflets.library.values import BySystem, Id, Pages, Words, described

FILE = "leaflet.toml"

#: The names of the catalogs that belong to no leaflet, so that none can be called so.
TAKEN = frozenset({"common", "desk", "overrides"})

#: The longest title that fits on two lines of the page head (NHS service manual: 65 characters).
TITLE_LENGTH = 65


#: What leaflets are about, for whoever looks for one.
Topic = Literal["sacroplasty", "recovery", "falls", "osteoporosis", "warning-signs", "other"]

_Title = Annotated[
    str,
    Meta(
        title="text on one line, not empty",
        min_length=1,
        max_length=TITLE_LENGTH,
        pattern=values.WORDS,
    ),
]
_Icd = Annotated[
    str,
    Meta(
        title="a code of ICD-10-CM, such as M80.08XA",
        pattern=r"\A[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?\Z",
    ),
]
_Snomed = Annotated[
    str, Meta(title="a concept of SNOMED CT, 6 to 18 digits", pattern=r"\A[0-9]{6,18}\Z")
]


class Leaflet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a leaflet is, apart from its prose; the prose is `leaflet.html` beside it."""

    title: Annotated[_Title, described("Its title in English.", "Getting better after sacroplasty")]
    short_title: Annotated[
        Literal[""] | _Title,
        described("The same in a word or two, for the foot of narrow pages.", "Recovery"),
    ] = ""
    audience: Annotated[Words, described("For whom it is.", "patients")] = "patients"
    topic: Annotated[Topic, described("What it is about; the catalogue groups leaflets by it.")] = (
        "other"
    )
    order: Annotated[
        Annotated[int, Meta(ge=0, le=100_000)],
        described("Its place among the others: the smallest comes first.", 40),
    ]
    pages: Annotated[
        dict[Id, Pages],
        described("The most pages it may have in each format.", {"a4": 5, "letter": 5}),
    ]
    red_flags: Annotated[
        Id, described("Its set of warning signs in redflags.toml.", "after-procedure")
    ]
    emergency_box: Annotated[
        Literal["first", "last", "none"],
        described("The page that its warning signs stand on; none if they are its prose."),
    ] = "last"
    icd10cm: Annotated[tuple[_Icd, ...], described("Diagnoses that it is for.", ["M84.48XA"])] = ()
    snomed: Annotated[tuple[_Snomed, ...], described("Concepts that it is for.", ["64859006"])] = ()
    governance: Annotated[
        Governance, described("Who wrote and reviewed it, and how patients took part.")
    ]
    slug: BySystem = ""

    @property
    def template(self) -> str:
        """Name the prose template, relative to a template root."""
        return f"leaflets/{self.slug}/leaflet.html"

    @property
    def title_id(self) -> str:
        """Name the message (msgctxt) that holds the title."""
        return f"{self.slug}.title"


def load(roots: Sequence[Path]) -> Mapping[str, Leaflet]:
    """Read every leaflet below the template roots, in reading order; the first root wins."""
    leaflets: dict[str, Leaflet] = {}
    for root in roots:
        for path in sorted(root.glob(f"leaflets/*/{FILE}")):
            slug = path.parent.name
            if slug not in leaflets:
                leaflets[slug] = _read(path, slug)
    return dict(sorted(leaflets.items(), key=lambda item: (item[1].order, item[0])))


def _read(path: Path, slug: str) -> Leaflet:
    if not values.is_id(slug):
        raise InputError(path.parent, "name the folder with small letters, digits and hyphens.")
    if slug in TAKEN:
        raise InputError(
            path.parent,
            f"“{slug}” is the name of a catalog of ours, {slug}.po; give the leaflet another name.",
        )
    if not path.with_name("leaflet.html").is_file():
        raise InputError(path.with_name("leaflet.html"), "the leaflet has no prose; write it.")
    leaflet = toml.read(path, Leaflet)
    governance.check(leaflet.governance, path)
    return msgspec.structs.replace(leaflet, slug=slug)
