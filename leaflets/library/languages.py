"""Languages: what the page must know of a language, in `locales/languages.toml`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from leaflets.errors import InputError
from leaflets.library import plurals, toml

#: The language of the templates: its messages are the msgids, so it needs no catalog.
SOURCE = "en"


class Stated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What languages.toml states of a language: names, direction, fonts in order of use.

    `native_digits` is the ICU numbering system that a clinic may ask for.
    """

    name: str
    autonym: str
    direction: Literal["ltr", "rtl"]
    fonts: tuple[str, ...]
    native_digits: str = "latn"


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
        """Write the BCP 47 tag for ICU: language, region and numbering system."""
        system = self.native_digits if digits == "native" else "latn"
        return f"{self.tag}-{region}-u-nu-{system}" if region else f"{self.tag}-u-nu-{system}"


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of languages.toml."""

    language: dict[str, Stated] = {}


def load(roots: Sequence[Path]) -> Mapping[str, Language]:
    """Read `languages.toml` of every locale root; the first root wins, language by language.

    Raises `InputError` for a language without an entry in `plurals.toml`.
    """
    found: dict[str, Language] = {}
    forms = plurals.load(roots)
    for root in reversed(roots):
        path = root / "languages.toml"
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
