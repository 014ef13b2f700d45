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
from leaflets.problem import Code

PLACEHOLDER_MISSING = Code(
    "HOLD-01",
    title="A placeholder is missing",
    why="A placeholder such as %(hours)s stands for a number or a name. Without it, the number "
    "does not reach the patient.",
    remedy="Copy the placeholder from the English sentence into the translation.",
)

PLACEHOLDER_UNKNOWN = Code(
    "HOLD-02",
    title="A placeholder that the English does not have",
    why="A misspelt or invented placeholder cannot be filled, so the sentence cannot be printed.",
    remedy="Write the name between %( and )s exactly as in the English; it is never translated.",
)

PLACEHOLDER_COUNT = Code(
    "HOLD-03",
    title="A placeholder stands too often or too seldom",
    why="A number said twice, or once instead of twice, changes what the sentence says.",
    remedy="Use the placeholder as often as the English does.",
)

PLACEHOLDER_IN_ONE_FORM = Code(
    "HOLD-04",
    title="A placeholder is missing from one plural form",
    why="The forms are for different numbers of one sentence; a range such as 1–2 is printed in "
    "one of them too. The form without the placeholder would print no number.",
    remedy="Put the placeholder into each form, also into that for one.",
)

PERCENT_SIGN = Code(
    "HOLD-05",
    title="A stray percent sign",
    why="A percent sign starts a placeholder, so the letters after it would be swallowed. "
    "Percentages come in as facts.",
    remedy="Remove the percent sign; if the English has a placeholder for the amount, use that.",
)

MARKUP_DIFFERS = Code(
    "MARK-01",
    title="Bold type or a line break is lost or added",
    why="<strong> marks what a patient must not miss, and <br> ends a line. They stand in a "
    "translation as often as in the English.",
    remedy="Put <strong> and </strong> round the same words as in the English, and no others.",
)

MARKUP_NOT_CLOSED = Code(
    "MARK-02",
    title="Bold type is not closed",
    why="What follows an open <strong> would all be bold, and the page might not be built.",
    remedy="Write <strong> before the words and </strong> after them.",
)

MARKUP_NOT_ALLOWED = Code(
    "MARK-03",
    title="Markup that is not allowed",
    why="Only <strong> and <br> may stand in a sentence, without anything inside the tag, and "
    "only &amp;, &lt; and &gt; for the signs. Anything else could bring a script, a link, a "
    "picture or a hidden character into the page.",
    remedy="Remove it; write the character itself.",
)

AMPERSAND = Code(
    "MARK-04",
    title="An ampersand that stands alone",
    why="In a page of HTML an ampersand starts the name of a character.",
    remedy="Write &amp; or, better, the word for “and”.",
)

UNSEEN_CHARACTER = Code(
    "CHAR-01",
    title="An invisible or forbidden character",
    why="It cannot be seen, and can break a word, a search, the reading aloud or the order of a "
    "line. It usually comes along when text is pasted. Where lines may break is worked out by the "
    "program; pages are never hyphenated.",
    remedy="Delete the character named and type the place again.",
)

DIRECTION_OVERRIDE = Code(
    "CHAR-02",
    title="A character that turns the direction of the text",
    why="Embeddings and overrides reorder what stands after them: 12 can be shown as 21.",
    remedy="Delete it. The page sets the direction of numbers and names by itself.",
)

NOT_NORMALISED = Code(
    "CHAR-03",
    title="Letters that are not in Unicode normal form C",
    why="A letter and its accent were stored as two characters. It looks right and is not found "
    "by a search, and some fonts draw it badly.",
    remedy="Type the word again; most editors can also normalise to NFC.",
)

CONTROL_CHARACTER = Code(
    "CHAR-04",
    title="A control character",
    why="Tabs, line breaks and other control characters have no place in a sentence.",
    remedy="Delete it; write a space.",
)

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

    code: Code
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
        for difference in quantities.differences(source[-1], form):
            yield Fault(difference.code, difference.message, form)
        yield from _character_faults(form)


def _placeholder_faults(source: str, form: str, others: str) -> Iterator[Fault]:
    wanted, found = (Counter(markup.placeholders(text)) for text in (source, form))
    for name in sorted(wanted.keys() | found.keys()):
        if found[name] == wanted[name]:
            continue
        if not wanted[name]:
            yield Fault(
                PLACEHOLDER_UNKNOWN, f"the placeholder %({name})s is not in the English.", form
            )
        elif found[name]:
            what = f"the placeholder %({name})s stands {found[name]} times, not {wanted[name]}."
            yield Fault(PLACEHOLDER_COUNT, what, form)
        elif f"%({name})s" in others:
            yield Fault(
                PLACEHOLDER_IN_ONE_FORM, f"this form lacks the placeholder %({name})s.", form
            )
        else:
            yield Fault(PLACEHOLDER_MISSING, f"the placeholder %({name})s is missing.", form)
    if "%%" in form or markup.STRAY_PERCENT.search(form):
        yield Fault(PERCENT_SIGN, "there is a stray percent sign.", form)


def _markup_faults(source: str, form: str) -> Iterator[Fault]:
    found = markup.TAG_OR_STUB.findall(form)
    if unknown := [tag for tag in found if tag not in _ALLOWED_TAGS]:
        yield Fault(MARKUP_NOT_ALLOWED, f"{unknown[0]} is not allowed.", form)
    elif not _nested(found):
        yield Fault(
            MARKUP_NOT_CLOSED, "a tag is closed before it is opened, or never closed.", form
        )
    elif Counter(found) != Counter(markup.TAG_OR_STUB.findall(source)):
        yield Fault(MARKUP_DIFFERS, "the tags are not those of the English.", form)
    if entity := markup.NEEDLESS_ENTITY.search(form):
        yield Fault(MARKUP_NOT_ALLOWED, f"{entity[0]} is not allowed.", form)
    if markup.BARE_AMPERSAND.search(form):
        yield Fault(AMPERSAND, "write &amp; for an ampersand.", form)


def _nested(tags: Sequence[str]) -> bool:
    depth = 0
    for tag in tags:
        depth += {"<strong>": 1, "</strong>": -1}.get(tag, 0)
        if depth not in {0, 1}:
            return False
    return depth == 0


def _character_faults(form: str) -> Iterator[Fault]:
    codes = {code: char for char in reversed(form) if (code := _character_code(char))}
    for code, char in sorted(codes.items(), key=lambda pair: pair[0].id):
        yield Fault(code, f"it holds {name_of(char)}.", form)
    if not unicodedata.is_normalized("NFC", form):
        yield Fault(NOT_NORMALISED, "it is not in Unicode normal form C; type it again.", form)


def _character_code(char: str) -> Code | None:
    if " " <= char <= "~":
        return None
    if char in _EMBEDDINGS:
        return DIRECTION_OVERRIDE
    category = unicodedata.category(char)
    if category in _CONTROL:
        return CONTROL_CHARACTER
    hidden = category in _FORMAT and char not in OF_SOME_LANGUAGES | _SEEN
    return UNSEEN_CHARACTER if hidden or char in _UNSEEN or ord(char) in _VARIATION else None


def name_of(char: str) -> str:
    """Name a character that cannot be seen."""
    return f"U+{ord(char):04X}, {unicodedata.name(char, 'a character without a name').lower()}"
