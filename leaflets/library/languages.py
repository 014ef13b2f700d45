"""Languages: what the page must know of a language, in `locales/languages.toml`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from leaflets.library import toml

#: The language of the templates: its messages are the msgids, so it needs no catalog.
SOURCE = "en"

#: Letters of a region subtag (BCP 47), as in en-GB; a script subtag has 4.
_REGION_LENGTH = 2


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A language by its BCP 47 tag: names, direction, fonts in order of use, plural forms.

    `plural_forms` is the gettext header of every catalog of the language (CLDR's forms in gettext's
    order). `native_digits` is the ICU numbering system that a clinic may ask for. `parent` is the
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
    plural_forms: str
    native_digits: str = "latn"
    parent: str = ""
    leading: float = 1
    line_breaks: Literal["typesetter", "icu"] = "typesetter"
    extraction: Literal["content", "tags"] = "content"
    begun: bool = False
    pseudo: Literal["", "accented", "mirrored", "spaceless", "long-words"] = ""
    tag: str = ""

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


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    language: dict[str, Language] = {}


def load(roots: Sequence[Path]) -> Mapping[str, Language]:
    """Read `languages.toml` of every locale root; the first root wins, language by language."""
    found: dict[str, Language] = {}
    for root in reversed(roots):
        if (root / "languages.toml").is_file():
            file = toml.read(root / "languages.toml", _File)
            found |= {
                tag: msgspec.structs.replace(one, tag=tag) for tag, one in file.language.items()
            }
    return found
