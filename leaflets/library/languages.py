"""Languages: what the page must know of a language, in `locales/languages.toml`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from leaflets.errors import InputError, RequestError
from leaflets.library import plurals, toml

#: The language of the templates: its messages are the msgids, so it needs no catalog.
SOURCE = "en"

#: The name of the file in a locale root.
FILE = "languages.toml"

#: Letters of a region subtag (BCP 47), as in en-GB; a script subtag has 4.
_REGION_LENGTH = 2


class Stated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What languages.toml states of a language: names, direction, fonts in order of use.

    `native_digits` is the ICU numbering system that a clinic may ask for. `parent` is the
    language of which it is a thin layer: what its catalogs leave empty is printed in that one.
    `leading` is how much higher its lines are than those of Latin letters: 1 is as high.
    `begun` is True while it is being translated: it is printed only when it is named.
    `line_breaks` is "icu" where the typesetter cannot find the words of a script without spaces.
    `extraction` is "tags" where glyphs are shared by letters, so that only the tag tree of a file
    holds its text. `pseudo` makes a language of the English by machine, to try the pages with.
    """

    name: str
    autonym: str
    direction: Literal["ltr", "rtl"]
    fonts: tuple[str, ...]
    native_digits: str = "latn"
    parent: str = ""
    leading: float = 1
    line_breaks: Literal["typesetter", "icu"] = "typesetter"
    extraction: Literal["content", "tags"] = "content"
    begun: bool = False
    pseudo: Literal["", "accented", "mirrored", "spaceless", "long-words"] = ""


class Language(Stated, frozen=True, kw_only=True):
    """A language by its BCP 47 tag, with its plural forms.

    `plural_forms` is the gettext header of every catalog of the language, from plurals.toml.
    """

    tag: str
    plural_forms: str

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
    """The form of languages.toml."""

    language: dict[str, Stated] = {}


def load(roots: Sequence[Path], forms: Mapping[str, str]) -> Mapping[str, Language]:
    """Read `languages.toml` of every locale root; the first root wins, language by language.

    `forms` is the table of plural forms. Raises `InputError` for a language that it lacks.
    """
    found: dict[str, Language] = {}
    for root in reversed(roots):
        path = root / FILE
        if path.is_file():
            file = toml.read(path, File)
            found |= {tag: whole(path, tag, one, forms) for tag, one in file.language.items()}
    return found


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
