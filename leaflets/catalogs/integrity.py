"""What a translation must keep of its source: placeholders, markup, and no stray characters."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_STRAY = re.compile(r"%(?!\(\w+\)s|%)")
_TAG = re.compile(r"<[^>]*>?")
_BARE_AMPERSAND = re.compile(r"&(?!#?\w+;)")
_ALLOWED_TAGS = frozenset({"<strong>", "</strong>", "<br>"})

#: Direction embeddings and overrides, invisible separators, byte order mark.
_FORBIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u200b\u2060\ufeff")


class Fault(msgspec.Struct, frozen=True):
    """A fault of one translation: the code of the problem, what is wrong, and the form at fault."""

    code: str
    message: str
    form: str


def faults(source: Sequence[str], forms: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with the forms of a translation, given the source's one or two forms.

    `source` is (text,) or (text, plural). A plural form may leave out `count` only if the source
    does too: the number itself is a placeholder of its own.
    """
    wanted = Counter(_PLACEHOLDER.findall(source[-1]))
    tags = Counter(_TAG.findall(source[-1]))
    for form in forms:
        yield from _placeholder_faults(wanted, form)
        yield from _markup_faults(tags, form)
        yield from _character_faults(form)


def _placeholder_faults(wanted: Counter[str], form: str) -> Iterator[Fault]:
    found = Counter(_PLACEHOLDER.findall(form))
    for name in sorted(wanted.keys() | found.keys()):
        if found[name] == wanted[name]:
            continue
        what = (
            f"the placeholder %({name})s is missing."
            if not found[name]
            else f"the placeholder %({name})s is not in the English."
            if not wanted[name]
            else f"the placeholder %({name})s stands {found[name]} times, not {wanted[name]}."
        )
        yield Fault("TEXT-01", what, form)
    if _STRAY.search(form.replace("%%", "")) or "%%" in form:
        yield Fault("TEXT-02", "there is a stray percent sign.", form)


def _markup_faults(tags: Counter[str], form: str) -> Iterator[Fault]:
    found = _TAG.findall(form)
    if unknown := [tag for tag in found if tag not in _ALLOWED_TAGS]:
        yield Fault("TEXT-03", f"{unknown[0]} is not allowed.", form)
    elif Counter(found) != tags:
        yield Fault("TEXT-03", "the tags are not those of the English.", form)
    elif not _nested(found):
        yield Fault("TEXT-03", "a tag is closed before it is opened, or never closed.", form)
    if _BARE_AMPERSAND.search(form):
        yield Fault("TEXT-03", "write &amp; for an ampersand.", form)


def _nested(tags: Sequence[str]) -> bool:
    depth = 0
    for tag in tags:
        depth += {"<strong>": 1, "</strong>": -1}.get(tag, 0)
        if depth not in {0, 1}:
            return False
    return depth == 0


def _character_faults(form: str) -> Iterator[Fault]:
    bare = _PLACEHOLDER.sub("", form)
    if any(unicodedata.category(char) == "Nd" for char in bare):
        yield Fault("TEXT-06", "a number is typed by hand.", form)
    for char in form:
        if char in _FORBIDDEN or (unicodedata.category(char) == "Cc"):
            name = unicodedata.name(char, f"control character {ord(char)}")
            yield Fault("TEXT-07", f"it holds U+{ord(char):04X}, {name.lower()}.", form)
            break
    if unicodedata.normalize("NFC", form) != form:
        yield Fault("TEXT-07", "it is not in Unicode normal form C; type it again.", form)
