"""Punctuation: brackets, quotes, ends, opening marks, spaces, words said twice."""

import re
from collections.abc import Iterator

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation.pair import Pair
from leaflets.library.markup import untagged
from leaflets.library.orthography import Orthography
from leaflets.problem import Code, Severity

BRACKET_ALONE = Code(
    "PUNC-01",
    title="Brackets without their partner",
    why="A bracket is open and not closed, or closed and not open.",
    remedy="Add the missing bracket, or remove the other.",
    severity=Severity.WARNING,
)

QUOTATION_MARK = Code(
    "PUNC-02",
    title="Quotation marks without their partner, or of another language",
    why="Quotation marks come in pairs, and each language has its own.",
    remedy="Use the pair that is given, one before and one after the words.",
    severity=Severity.WARNING,
)

ENDS_OTHERWISE = Code(
    "PUNC-03",
    title="Another mark at the end",
    why="The English ends with a full stop, a question mark, an exclamation mark or a colon, or "
    "with none, and the translation does otherwise. A heading with a full stop, or a sentence "
    "without one, looks unfinished and is read aloud wrongly.",
    remedy="End as the English does, with the mark of your language.",
    severity=Severity.WARNING,
)

NOT_OPENED = Code(
    "PUNC-04",
    title="An opening question or exclamation mark is missing",
    why="In Spanish and some other languages a question or exclamation has a mark at both ends.",
    remedy="Put ¿ or ¡ where the question or exclamation begins.",
    severity=Severity.WARNING,
)

SPACE_AT_MARK = Code(
    "PUNC-05",
    title="The space before or after a mark",
    why="French sets a no-break space before ; : ! ? » and after «, so that the mark never starts "
    "a line. Other languages have no space before such marks.",
    remedy="In French, type a no-break space (U+00A0 or U+202F); elsewhere remove the space.",
    severity=Severity.WARNING,
)

SPACE_AT_EDGE = Code(
    "PUNC-06",
    title="A space at the beginning or the end",
    why="It shifts the text on the page.",
    remedy="Remove the space.",
    severity=Severity.WARNING,
)

SPACES_IN_A_ROW = Code(
    "PUNC-07",
    title="Two spaces in a row",
    why="They are usually a slip of the finger.",
    remedy="Leave one space.",
    severity=Severity.WARNING,
)

WORD_TWICE = Code(
    "PUNC-08",
    title="A word stands twice in a row",
    why="It is usually left over from a change.",
    remedy="Remove one of the two.",
    severity=Severity.WARNING,
)

HALF_WIDTH = Code(
    "PUNC-09",
    title="A narrow mark after a wide letter",
    why="Chinese and Japanese have marks as wide as their letters. A narrow comma or full stop "
    "looks like a slip, and the line is set unevenly.",
    remedy="Type the mark with the keyboard of the language: ， 。 ： ； ？ ！",
    severity=Severity.WARNING,
)

_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("（", "）"), ("【", "】"), ("〔", "〕"))
_QUOTES = frozenset("“”„‟«»‹›「」『』《》״")
_CLOSERS = "\"'”’»«“)]）」』》 "
_STOPS = ".。।។۔"
_SENTENCE_ENDS = ["stop", "question", "exclamation", "colon"]
_NO_BREAK = "\u00a0\u202f"
_DOUBLED = re.compile(r"(?<!\w)(\w{2,})\s+\1(?!\w)", re.IGNORECASE)
_SPACE_BEFORE = re.compile(r"\s([,;:!?.،؛؟۔।。，；：！？])(?=\s|$)")

_WIDE = frozenset({"Hans", "Hant", "Jpan"})
_NARROW = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]([,.;:?!])(?!\d)")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")

_NAMES = {
    "stop": "a full stop",
    "question": "a question mark",
    "exclamation": "an exclamation mark",
    "colon": "a colon",
    "": "no mark",
}


def brackets(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a bracket without its partner."""
    for form, text in pair.texts():
        for opening, closing in _BRACKETS:
            if not _balanced(text, opening, closing):
                yield Fault(BRACKET_ALONE, f"{opening} and {closing} do not come in pairs.", form)


def _balanced(text: str, opening: str, closing: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == opening) - (char == closing)
        if depth < 0:
            return False
    return depth == 0


def quotes(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a quotation mark without its partner, or of another language."""
    own = pair.orthography.quotes
    usual = " or ".join(f"{pair[0]}…{pair[1]}" for pair in own)
    for form, text in pair.texts():
        marks = [char for char in text if char in _QUOTES]
        alien = next((char for char in marks if not any(char in pair for pair in own)), "")
        if alien:
            yield Fault(QUOTATION_MARK, f"{alien} is not a quotation mark here; use {usual}.", form)
        elif not _paired(marks, own) or text.count('"') % 2:
            yield Fault(QUOTATION_MARK, f"a quotation mark has no partner; use {usual}.", form)


def _paired(marks: list[str], own: tuple[str, ...]) -> bool:
    """Tell whether quotes are closed in turn; a mark that opens one pair may close another."""
    closing = {pair[0]: pair[1] for pair in own}
    waiting: list[str] = []
    for char in marks:
        if waiting and char == waiting[-1]:
            waiting.pop()
        elif char in closing:
            waiting.append(closing[char])
        else:
            return False
    return not waiting


def end(pair: Pair) -> Iterator[Fault]:
    """Yield a fault if a sentence ends with another kind of mark than in English."""
    wanted = _end_of(pair.source[-1], Orthography())
    for form, _ in pair.texts():
        found = _end_of(form, pair.orthography)
        last = untagged(form).rstrip(_CLOSERS)[-1:]
        if last and last in _STOPS and last not in pair.orthography.stop:
            yield Fault(ENDS_OTHERWISE, f"it ends with {last}; use {pair.orthography.stop}", form)
            continue
        lenient = pair.orthography.unended and {wanted, found} <= {"", "stop"}
        emphatic = found == "exclamation" and wanted in {"", "stop"}
        if found != wanted and not lenient and not emphatic:
            said = f"it ends with {_NAMES[found]}, the English with {_NAMES[wanted]}."
            yield Fault(ENDS_OTHERWISE, said, form)


def _end_of(text: str, orthography: Orthography) -> str:
    last = untagged(text).rstrip(_CLOSERS)[-1:]
    if not last:
        return ""
    kinds = (kind for kind in _SENTENCE_ENDS if last in getattr(orthography, kind))
    return next(kinds, "")


def opening_marks(pair: Pair) -> Iterator[Fault]:
    """Yield a fault if a question or exclamation is not opened, where a language does so."""
    if not pair.orthography.opening:
        return
    for form, text in pair.texts():
        for opening, closing in (("¿", "?"), ("¡", "!")):
            if text.count(opening) != text.count(closing):
                yield Fault(NOT_OPENED, f"{opening} and {closing} do not come in pairs.", form)


def spaces_at_marks(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a missing or wrong space before a mark."""
    spaced = pair.orthography.spaced
    for form, text in pair.texts():
        if spaced:
            wrong = _not_spaced(text, spaced)
        else:
            found = _SPACE_BEFORE.search(text)
            wrong = f"there is a space before {found[1]}" if found else ""
        if wrong:
            yield Fault(SPACE_AT_MARK, f"{wrong}.", form)


def _not_spaced(text: str, spaced: str) -> str:
    text = _ADDRESS.sub("", text)
    for index, char in enumerate(text):
        before = text[index - 1 : index]
        part_of_a_row = before in spaced or (char == ":" and before.isdigit())
        if char in spaced and before not in _NO_BREAK and not part_of_a_row:
            return f"there is no no-break space before {char}"
        if char == "«" and text[index + 1 : index + 2] not in _NO_BREAK:
            return "there is no no-break space after «"
    return ""


def half_width(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a narrow mark after a Chinese or Japanese letter."""
    if pair.orthography.script not in _WIDE:
        return
    for form, text in pair.texts():
        if narrow := _NARROW.search(text):
            yield Fault(HALF_WIDTH, f"{narrow[1]} is narrow after {narrow[0][0]}.", form)


def spaces(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a space at an edge, or two in a row."""
    for form, _ in pair.texts():
        if form != form.strip():
            yield Fault(SPACE_AT_EDGE, "it begins or ends with a space.", form)
        if re.search(r"[ \u00a0\u202f]{2}", form.strip()):
            yield Fault(SPACES_IN_A_ROW, "there are two spaces in a row.", form)


def doubled_words(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a word that stands twice in a row, where that is not grammar."""
    if pair.orthography.repeats or pair.orthography.spaceless:
        return
    for form, text in pair.texts():
        found = _DOUBLED.search(text)
        if found and not _DOUBLED.search(pair.english):
            yield Fault(WORD_TWICE, f"“{found[1]}” stands twice.", form)
