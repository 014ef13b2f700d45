"""What a translation must keep of its source: placeholders, markup, numbers, clean characters.

This is the small set without which a translation is never printed. It needs no knowledge of the
language; `leaflets.checks.translation` adds what does.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from leaflets.catalogs import quantities
from leaflets.library import markup

_ALLOWED_TAGS = frozenset({"<strong>", "</strong>", "<br>"})

_EMBEDDINGS = frozenset("\u202a\u202b\u202c\u202d\u202e")

#: Format characters that some languages need: soft hyphen, joiners, direction marks, isolates.
#: Whether this language does is judged where the language is known.
OF_SOME_LANGUAGES = frozenset("\u00ad\u200c\u200d\u200e\u200f\u061c\u2066\u2067\u2068\u2069")

#: Seen on the page although Unicode counts them as format characters: Arabic signs for numbers.
_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd")

#: Fillers, blank patterns, Khmer vowels that are never seen, and the sign for a damaged letter.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\ufffd")

_VARIATION = range(0xFE00, 0xFE10)
_CONTROL = frozenset({"Cc", "Zl", "Zp"})
_FORMAT = frozenset({"Cf", "Cn", "Co", "Cs"})


class Fault(msgspec.Struct, frozen=True):
    """A fault of one translation: the code of the problem, what is wrong, and the form at fault."""

    code: str
    message: str
    form: str


def faults(source: Sequence[str], forms: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with the forms of a translation, given the source's one or two forms.

    `source` is (text,) or (text, plural). Each plural form keeps every placeholder, also that for
    one: the number may be a range.
    """
    for form in forms:
        others = "".join(other for other in forms if other is not form)
        yield from _placeholder_faults(source[-1], form, others)
        yield from _markup_faults(source[-1], form)
        for one in quantities.differences(source[-1], form):
            yield Fault(one.code, one.message, form)
        yield from _character_faults(form)


def _placeholder_faults(source: str, form: str, others: str) -> Iterator[Fault]:
    wanted, found = (Counter(markup.placeholders(text)) for text in (source, form))
    for name in sorted(wanted.keys() | found.keys()):
        if found[name] == wanted[name]:
            continue
        if not wanted[name]:
            yield Fault("HOLD-02", f"the placeholder %({name})s is not in the English.", form)
        elif found[name]:
            what = f"the placeholder %({name})s stands {found[name]} times, not {wanted[name]}."
            yield Fault("HOLD-03", what, form)
        elif f"%({name})s" in others:
            yield Fault("HOLD-04", f"this form lacks the placeholder %({name})s.", form)
        else:
            yield Fault("HOLD-01", f"the placeholder %({name})s is missing.", form)
    if "%%" in form or markup.STRAY_PERCENT.search(form):
        yield Fault("HOLD-05", "there is a stray percent sign.", form)


def _markup_faults(source: str, form: str) -> Iterator[Fault]:
    found = markup.TAG_OR_STUB.findall(form)
    if unknown := [tag for tag in found if tag not in _ALLOWED_TAGS]:
        yield Fault("MARK-03", f"{unknown[0]} is not allowed.", form)
    elif not _nested(found):
        yield Fault("MARK-02", "a tag is closed before it is opened, or never closed.", form)
    elif Counter(found) != Counter(markup.TAG_OR_STUB.findall(source)):
        yield Fault("MARK-01", "the tags are not those of the English.", form)
    if entity := markup.NEEDLESS_ENTITY.search(form):
        yield Fault("MARK-03", f"{entity[0]} is not allowed.", form)
    if markup.BARE_AMPERSAND.search(form):
        yield Fault("MARK-04", "write &amp; for an ampersand.", form)


def _nested(tags: Sequence[str]) -> bool:
    depth = 0
    for tag in tags:
        depth += {"<strong>": 1, "</strong>": -1}.get(tag, 0)
        if depth not in {0, 1}:
            return False
    return depth == 0


def _character_faults(form: str) -> Iterator[Fault]:
    codes = {code: char for char in reversed(form) if (code := _character_code(char))}
    for code, char in sorted(codes.items()):
        yield Fault(code, f"it holds {name_of(char)}.", form)
    if not unicodedata.is_normalized("NFC", form):
        yield Fault("CHAR-03", "it is not in Unicode normal form C; type it again.", form)


def _character_code(char: str) -> str:
    if " " <= char <= "~":
        return ""
    if char in _EMBEDDINGS:
        return "CHAR-02"
    category = unicodedata.category(char)
    if category in _CONTROL:
        return "CHAR-04"
    hidden = category in _FORMAT and char not in OF_SOME_LANGUAGES | _SEEN
    return "CHAR-01" if hidden or char in _UNSEEN or ord(char) in _VARIATION else ""


def name_of(char: str) -> str:
    """Name a character that cannot be seen."""
    return f"U+{ord(char):04X}, {unicodedata.name(char, 'a character without a name').lower()}"
