"""Languages: what the page must know of a language, in `locales/languages.toml`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from leaflets.errors import InputError, RequestError
from leaflets.library import overlay, plurals, toml
from leaflets.library.values import Country, Tag, Words, described

#: The language of the templates: its messages are the msgids, so it needs no catalog.
SOURCE = "en"

#: The name of the file in a locale root.
FILE = "languages.toml"

#: Numbering systems of CLDR that languages of ours have; for another one, ICU is asked.
_DIGITS = frozenset({
    "arab", "arabext", "beng", "deva", "gujr", "guru", "khmr", "laoo", "latn", "mymr", "thai",
})  # fmt: skip

Digits = Annotated[
    str, Meta(title="a numbering system such as latn or arab", pattern=r"\A[a-z]{4,8}\Z")
]

#: Letters of a region subtag (BCP 47), as in en-GB; a script subtag has 4.
_REGION_LENGTH = 2


class Stated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is stated of a language: names, direction, fonts and how its lines are set."""

    name: Annotated[Words, described("Its name in English.", "Khmer")]
    autonym: Annotated[Words, described("Its name in itself.", "ខ្មែរ")]
    direction: Annotated[Literal["ltr", "rtl"], described("Which way it is read.")]
    fonts: Annotated[
        tuple[Words, ...],
        Meta(min_length=1),
        described("Families of fonts.toml, in order of use.", ["Noto Sans Khmer", "Noto Sans"]),
    ]
    native_digits: Annotated[
        Digits, described("The numbering system of its own digits, as CLDR names it.", "khmr")
    ] = "latn"
    parent: Annotated[
        Literal[""] | Tag,
        described(
            "The language of which it is a thin layer: what it lacks is printed in that.", "en"
        ),
    ] = ""
    region: Annotated[
        Literal[""] | Country,
        described(
            "The region of regions.toml that it is of, if it has a country of its own.", "GB"
        ),
    ] = ""
    leading: Annotated[
        Annotated[float, Meta(ge=0.8, le=3)],
        described("How much higher its lines are than those of Latin letters.", 1.25),
    ] = 1
    line_breaks: Annotated[
        Literal["typesetter", "icu"],
        described("Who finds where lines may break: icu for a script without spaces."),
    ] = "typesetter"
    extraction: Annotated[
        Literal["content", "tags"],
        described("Where a file holds its text: tags, if letters share glyphs."),
    ] = "content"
    begun: Annotated[
        bool, described("It is being translated, and printed only when it is named.")
    ] = False
    pseudo: Annotated[
        Literal["", "accented", "mirrored", "spaceless", "long-words"],
        described("How it is made of the English by machine, to try the pages with."),
    ] = ""


class Language(Stated, frozen=True, kw_only=True):
    """A language by its BCP 47 tag, with its plural forms.

    `plural_forms` is the gettext header of every catalog of the language, from plurals.toml.
    """

    tag: str
    plural_forms: str

    @property
    def root(self) -> str:
        """Return the tag of the language of which it is a layer, or its own."""
        return self.parent or self.tag

    @property
    def lineage(self) -> tuple[str, ...]:
        """Return the tags whose catalogs are looked into, in order: its own, then its parent's."""
        return (self.tag, self.parent) if self.parent else (self.tag,)

    @property
    def plural_count(self) -> int:
        """Return the number of plural forms that a message with a number has."""
        return int(self.plural_forms.partition("nplurals=")[2].partition(";")[0])

    def icu_tag(self, digits: Literal["latin", "native"], region: str) -> str:
        """Write the BCP 47 tag for ICU: language, its region or that of the clinic, and digits."""
        system = self.native_digits if digits == "native" else "latn"
        own = [part for part in self.tag.split("-")[1:] if len(part) == _REGION_LENGTH]
        tag = f"{self.tag}-{region}" if region and not own else self.tag
        return f"{tag}-u-nu-{system}"


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of languages.toml; the key of a language is its BCP 47 tag."""

    language: dict[Tag, Stated] = {}


def load(roots: Sequence[Path], forms: Mapping[str, str]) -> Mapping[str, Language]:
    """Read `languages.toml` of every locale root; the first root wins, language by language.

    `forms` is the table of plural forms. Raises `InputError` for a language that it lacks, for
    digits that CLDR does not know, and for a parent that there is not.
    """
    known: dict[str, Language] = {}
    for path in overlay.each(roots, FILE):
        stated = toml.read(path, File).language
        known |= {tag: whole(path, tag, language, forms) for tag, language in stated.items()}
        for tag in stated:
            _check(path, known, tag)
    return known


def _check(path: Path, known: Mapping[str, Language], tag: str) -> None:
    language = known[tag]
    at = f"language.{tag}"
    if language.native_digits not in _DIGITS and not _is_numbering_system(language.native_digits):
        raise InputError(
            path,
            f"CLDR does not know the digits “{language.native_digits}”; write latn, arab or deva.",
            at=f"{at}.native_digits",
        )
    parent = known.get(language.parent)
    if language.parent and (parent is None or parent.parent or parent is language):
        raise InputError(
            path,
            f"“{language.parent}” cannot be its parent; name another language of this file, which"
            " has no parent itself.",
            at=f"{at}.parent",
        )


def _is_numbering_system(name: str) -> bool:
    from leaflets.library import cldr  # noqa: PLC0415 - loads ICU, which few libraries need here

    return cldr.is_numbering_system(name)


def whole(path: Path, tag: str, stated: Stated, forms: Mapping[str, str]) -> Language:
    """Put the plural forms of a language to what `path` states of it."""
    own = plurals.of(forms, tag)
    if own is None:
        raise InputError(
            path,
            "its plural forms are not known; add them to plurals.toml beside this file.",
            at=f"language.{tag}",
        )
    return Language(**msgspec.structs.asdict(stated), tag=tag, plural_forms=own)


def with_catalogs(known: Mapping[str, Language], tags: Sequence[str]) -> list[Language]:
    """Find the languages of some tags, or all, that people translate into.

    Raises `RequestError` for English, which is the source, for a pseudo-language, and for a tag
    that is not known.
    """
    for tag in tags:
        if tag == SOURCE:
            raise RequestError("English is the source: it has no catalog. Name another language.")
        if tag not in known:
            raise RequestError(
                f"There is no language “{tag}”; begin it with: leaflets translate add {tag}"
            )
        if known[tag].pseudo:
            raise RequestError(
                f"{tag} is made by machine: it has no catalog. Name another language."
            )
    translated = [tag for tag, language in known.items() if tag != SOURCE and not language.pseudo]
    return [known[tag] for tag in tags or translated]
