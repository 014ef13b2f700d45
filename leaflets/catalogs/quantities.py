"""Quantities: the numbers, units, telephone numbers and addresses in a text, whatever its digits.

A number is read in every way it may be meant: 1.234 is a thousand in German and little more than
one in English. Two numbers are the same if they may be the same.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

import msgspec

from leaflets.catalogs.measures import UNITS, unit_at
from leaflets.library import markup
from leaflets.problem import Code

NUMBER_ADDED = Code(
    "NUM-03",
    title="A number that the English does not have",
    why="Numbers reach a sentence only as placeholders; one typed by hand cannot be kept right.",
    remedy="Remove the number, or use the placeholder.",
)

NUMBER_LOST = Code(
    "NUM-04",
    title="A number or dose was changed or lost",
    why="The translation would tell patients another number than the English.",
    remedy="Write the number of the English, with the decimal sign of your language.",
)

NUMBERS_SWAPPED = Code(
    "NUM-05",
    title="Numbers are swapped",
    why="The right numbers in the wrong order mean something else: a range that falls, or the "
    "number of one unit beside another.",
    remedy="Put each number where the English has it: the lower end of a range first.",
)

UNIT_CHANGED = Code(
    "NUM-06",
    title="A unit was changed",
    why="The number is right and its unit is not: 5 mg and 5 g, or 24 hours and 24 days, differ "
    "by far.",
    remedy="Write the unit of the English, in your language.",
)

PHONE_CHANGED = Code(
    "NUM-07",
    title="A telephone number was changed or typed",
    why="Telephone numbers differ from clinic to clinic and country to country, and come in as "
    "placeholders. A typed one leads people astray.",
    remedy="Use the placeholder; if the English has the number itself, copy it digit by digit.",
)

ADDRESS_CHANGED = Code(
    "NUM-08",
    title="A web or e-mail address was changed or typed",
    why="Addresses come from the library, where the day of the last look is noted. A typed one "
    "may lead to somebody else.",
    remedy="Remove the address, or copy it letter by letter if the English has it.",
)

_ADDRESS = re.compile(
    r"https?://[^\s<>\"]+|www\.[^\s<>\"]+|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:org|com|net|gov|edu|info|int|eu|uk|us|au|es)\b(?:/\S*)?"
)
_PHONE = re.compile(r"(?<![\w.,])\+?\(?\d[\d ()./\u00a0\u202f-]{5,}\d(?!\w)")
_FEWEST_DIGITS = 7
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[ .,\u00a0\u202f]\d{3})+|[1-9]\d*")
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{2,4}|\d{4}-\d{2}-\d{2}")

_GROUP = " \u00a0\u202f'’\u066c"
_DECIMAL = "·\u066b"
_NUMBER = re.compile(
    rf"\d{{1,3}}(?:[{_GROUP}]\d{{3}}(?!\d))+(?:[.,{_DECIMAL}]\d+)?"
    rf"|\d+(?:[.,{_DECIMAL}\u066c]\d+)*"
    r"|(?<![\w.])\.\d+"
)
_ONE_GROUP = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_RANGE = re.compile(r"\s*[-‐‑–—~～〜]\s*")


class Quantity(msgspec.Struct, frozen=True):
    """A number as it is written, what it may mean, its unit if it has one, and where it stands."""

    text: str
    values: frozenset[Decimal]
    unit: str
    start: int
    end: int


class Difference(msgspec.Struct, frozen=True):
    """What differs between a source and a translation: the code of the problem, and a sentence."""

    code: Code
    message: str


def fold(text: str) -> str:
    """Write every decimal digit of any script as 0 to 9; the length stays the same."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char
        for char in text
    )


def readings(number: str) -> frozenset[Decimal]:
    """List the values that a number in digits 0 to 9 may have.

    Two kinds of sign: the last one is the decimal sign. One sign with three digits after it may
    also group thousands. A sign that stands twice groups, be it by thousands or the Indian way.
    """
    plain = number.translate({ord(char): None for char in _GROUP})
    plain = plain.translate(
        {ord(char): "." for char in _DECIMAL}
        if not set(plain) & {",", "."}
        else {ord(char): "d" for char in _DECIMAL}
    )
    signs = [char for char in plain if not char.isdigit()]
    if not signs:
        return frozenset({Decimal(plain)})
    last = signs[-1]
    whole, _, fraction = plain.rpartition(last)
    digits = "".join(filter(str.isdigit, plain))
    decimal = Decimal(f"{''.join(filter(str.isdigit, whole)) or '0'}.{fraction}")
    if len(signs) > 1 and len(set(signs)) == 1:
        return frozenset({Decimal(digits)})
    if len(signs) == 1 and number == plain and _ONE_GROUP.fullmatch(plain):
        return frozenset({decimal, Decimal(digits)})
    return frozenset({decimal})


def quantities(text: str) -> tuple[Quantity, ...]:
    """Read the numbers of a text, in order; addresses and telephone numbers are not among them."""
    return _split(text)[2]


def differences(source: str, form: str) -> Iterator[Difference]:
    """Yield what a translation changes in the addresses, telephones and numbers of its source."""
    addresses, phones, numbers = _split(source)
    other_addresses, other_phones, other_numbers = _split(form)
    yield from _literals(ADDRESS_CHANGED, "address", addresses, other_addresses)
    yield from _literals(PHONE_CHANGED, "telephone number", phones, other_phones)
    yield from _numbers(numbers, other_numbers, _bare(form))
    yield from _interval(source, form)
    yield from unit_differences(source, form, UNITS)


def _bare(text: str) -> str:
    return fold(markup.untagged(markup.filled(text)))


def _split(text: str) -> tuple[list[str], list[str], tuple[Quantity, ...]]:
    bare = _bare(text)
    if not any(char.isnumeric() for char in bare) and "." not in bare and "@" not in bare:
        return [], [], ()
    addresses = [found.rstrip(".,;:)") for found in _ADDRESS.findall(bare)]
    bare = _ADDRESS.sub(_hidden, bare)
    phones = [found[0] for found in _PHONE.finditer(bare) if _is_phone(found[0])]
    bare = _PHONE.sub(lambda found: _hidden(found) if _is_phone(found[0]) else found[0], bare)
    return addresses, ["".join(filter(str.isdigit, phone)) for phone in phones], tuple(_read(bare))


def _hidden(found: re.Match[str]) -> str:
    return markup.HELD * len(found[0])


def _is_phone(text: str) -> bool:
    """Tell a telephone number from a large number, a range or a date."""
    digits = sum(map(str.isdigit, text))
    if digits < _FEWEST_DIGITS or _DATE.fullmatch(text):
        return False
    ends = text.split("-")
    return len(ends) > 2 or not all(_GROUPED.fullmatch(end.strip()) for end in ends)  # noqa: PLR2004 - a range has 2 ends


def _read(bare: str) -> Iterator[Quantity]:
    for found in re.finditer(rf"{_NUMBER.pattern}|[^\W\d_]", bare):
        text = found[0]
        if text[-1].isdecimal():
            values = readings(text)
        elif unicodedata.category(text) == "No":  # a half, a circled or raised number
            values = frozenset({Decimal(str(unicodedata.numeric(text)))})
        else:
            continue
        unit = unit_at(bare, found.end())
        yield Quantity(text, values, unit, found.start(), found.end())


def _literals(
    code: Code, what: str, wanted: Sequence[str], found: Sequence[str]
) -> Iterator[Difference]:
    lost = list((Counter(wanted) - Counter(found)).elements())
    new = list((Counter(found) - Counter(wanted)).elements())
    if new:
        yield Difference(code, f"the {what} {new[0]} is not in the English.")
    elif lost:
        yield Difference(code, f"the {what} {lost[0]} of the English is missing.")


def _numbers(
    wanted: Sequence[Quantity], found: Sequence[Quantity], form: str
) -> Iterator[Difference]:
    pairs = _matched(wanted, found)
    lost = [number for number in wanted if number not in pairs]
    new = [number for number in found if number not in pairs.values()]
    if lost and new:
        yield Difference(NUMBER_LOST, f"{new[0].text} stands where the English has {lost[0].text}.")
    elif lost:
        yield Difference(NUMBER_LOST, f"the number {lost[0].text} of the English is missing.")
    elif new:
        yield Difference(NUMBER_ADDED, f"the number {new[0].text} is typed by hand.")
    else:
        yield from _turned(wanted, pairs, form)
        yield from _units(pairs)


def _matched(wanted: Sequence[Quantity], found: Sequence[Quantity]) -> Mapping[Quantity, Quantity]:
    """Pair each number with one that may be the same, if possible with the same unit."""
    pairs: dict[Quantity, Quantity] = {}
    for same_unit in (True, False):
        for number in wanted:
            for other in found:
                if (
                    number not in pairs
                    and other not in pairs.values()
                    and number.values & other.values
                    and (number.unit == other.unit or not same_unit)
                ):
                    pairs[number] = other
    return pairs


def _turned(
    wanted: Sequence[Quantity], pairs: Mapping[Quantity, Quantity], form: str
) -> Iterator[Difference]:
    """Yield a range whose ends stand the other way round."""
    for low, high in pairwise(wanted):
        number, other = pairs[high], pairs[low]
        between = form[number.end : other.start]
        if min(low.values) < min(high.values) and _RANGE.fullmatch(between):
            yield Difference(
                NUMBERS_SWAPPED, f"the range {number.text}{between}{other.text} falls."
            )


def _units(pairs: Mapping[Quantity, Quantity]) -> Iterator[Difference]:
    known = [(number, other) for number, other in pairs.items() if number.unit and other.unit]
    wrong = [(number, other) for number, other in known if number.unit != other.unit]
    if not wrong:
        return
    number, other = wrong[0]
    swapped = Counter(number.unit for number, _ in known) == Counter(
        other.unit for _, other in known
    )
    yield _unit_difference(number.text, number.unit, other.unit, swapped=swapped)


def _unit_difference(number: str, wanted: str, found: str, *, swapped: bool) -> Difference:
    code = NUMBERS_SWAPPED if swapped else UNIT_CHANGED
    return Difference(code, f"the unit of {number} is the {found}, not the {wanted}.")


def _interval(source: str, form: str) -> Iterator[Difference]:
    """Yield placeholders for the ends of a scale, `low` and `high`, that are turned round."""
    wanted, found = (
        [name for name in markup.placeholders(text) if name in {"low", "high"}]
        for text in (source, form)
    )
    if len(wanted) == len(found) and wanted != found and sorted(wanted) == sorted(found):
        yield Difference(NUMBERS_SWAPPED, f"%({found[0]})s stands before %({found[1]})s.")


def unit_differences(
    source: str, form: str, units: Mapping[str, tuple[str, ...]]
) -> Iterator[Difference]:
    """Yield the placeholders whose unit is not that of the source, as far as units are known."""
    wanted, found = held_units(source), held_units(form, units)
    known = [name for name in wanted if wanted[name] and found.get(name)]
    wrong = [name for name in known if wanted[name] != found[name]]
    if wrong:
        name = wrong[0]
        swapped = Counter(wanted[name] for name in known) == Counter(found[name] for name in known)
        yield _unit_difference(f"%({name})s", wanted[name], found[name], swapped=swapped)
        return
    for name, unit in found.items():
        other = next((each for each, of in wanted.items() if unit and of == unit), name)
        if not wanted.get(name) and other != name and found.get(other) != unit:
            what = f"the {unit} stands after %({name})s, in the English after %({other})s."
            yield Difference(NUMBERS_SWAPPED, what)
            return


def held_units(text: str, units: Mapping[str, tuple[str, ...]] = UNITS) -> Mapping[str, str]:
    """Map each placeholder of a text to the unit that stands after it, or to nothing."""
    plain = markup.untagged(text)
    held = markup.PLACEHOLDER.finditer(plain)
    return {placeholder[1]: unit_at(plain, placeholder.end(), units) for placeholder in held}
