"""Placeholders: each stands in its own sentence, before its own unit, in the right plural form."""

from collections import Counter
from collections.abc import Iterator

from leaflets.catalogs import quantities
from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation import sentences
from leaflets.checks.translation.pair import WHERE_HARMFUL, Pair
from leaflets.library import markup
from leaflets.problem import Code, Severity

IN_ANOTHER_SENTENCE = Code(
    "HOLD-06",
    title="A placeholder stands in another sentence",
    why="Two dates or numbers that are swapped are each printed where the other belongs.",
    remedy="Put each placeholder into the sentence in which the English has it.",
    severity=Severity.WARNING,
    error_where=WHERE_HARMFUL,
)

OTHER_PLURAL_FORM = Code(
    "FORM-05",
    title="The word after a number is in another plural form",
    why="A form holds for certain numbers, and the word after the number has another form with "
    "them: 3 day, or 5 days where the language says otherwise after 5.",
    remedy="Write the unit as it is after the numbers of this form; your editor shows which.",
    severity=Severity.WARNING,
)


#: The part before the whole, where a language does not say it the other way round.
_PAGES = ("page", "pages")


def moved(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a placeholder that stands in another sentence than in the English."""
    ours = [Counter(markup.placeholders(text)) for text in _sentences(pair.source[-1])]
    if len(ours) == 1 or not any(ours):
        return
    for form, _ in pair.texts():
        theirs = [Counter(markup.placeholders(text)) for text in _sentences(form)]
        if len(theirs) != len(ours) or sum(theirs, Counter()) != sum(ours, Counter()):
            continue
        for number, (wanted, held) in enumerate(zip(ours, theirs, strict=True), 1):
            if new := sorted((held - wanted).elements()):
                what = f"%({new[0]})s stands in sentence {number}, where the English has it not."
                yield Fault(IN_ANOTHER_SENTENCE, what, form)
                break


def turned(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for the page that stands where the number of pages belongs."""
    if pair.orthography.whole_first or _of_pages(pair.source[-1]) != list(_PAGES):
        return
    for form, _ in pair.texts():
        if _of_pages(form) == list(reversed(_PAGES)):
            what = f"%({_PAGES[1]})s stands before %({_PAGES[0]})s."
            yield Fault(quantities.NUMBERS_SWAPPED, what, form)


def _of_pages(text: str) -> list[str]:
    return [name for name in markup.placeholders(text) if name in _PAGES]


def _sentences(text: str) -> list[str]:
    return list(sentences.of(markup.untagged(text)))


def units(pair: Pair) -> Iterator[Fault]:
    """Yield a fault if days stand for hours, or milligrams for micrograms, after a placeholder.

    What a language calls a unit is known from CLDR and its safety words; other words say nothing.
    """
    if not pair.units:
        return
    for form, _ in pair.texts():
        for difference in quantities.unit_differences(pair.source[-1], form, pair.units):
            yield Fault(difference.code, difference.message, form)


def plural_forms(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a unit after a placeholder that is in the form of other numbers.

    After some prepositions each form is in another case: where the first form is not CLDR's own,
    or is that of other numbers, nothing is known.
    """
    held = quantities.held_units(pair.source[-1])
    for name, unit in held.items():
        *names, fractions = pair.unit_forms.get(unit, (frozenset[str](),))
        if len(names) != len(pair.forms):
            continue
        every = fractions.union(*names)
        words = [_word_after(form, name, every) for form in pair.forms]
        if any(word and word not in own for word, own in zip(words[:1], names, strict=False)):
            continue
        for form, word, own in zip(pair.forms, words, names, strict=True):
            if word and own and word not in own:
                wanted = " or ".join(f"“{each}”" for each in sorted(own))
                what = f"after the numbers of this form, “{word}” is {wanted}."
                yield Fault(OTHER_PLURAL_FORM, what, form)


def _word_after(form: str, name: str, words: frozenset[str]) -> str:
    """Return which of some words stands after a placeholder, or nothing."""
    rest = markup.untagged(form).partition(f"%({name})s")[2].lstrip(" \u00a0\u202f")
    longest_first = sorted(words, key=len, reverse=True)
    return next(
        (
            word
            for word in longest_first
            if rest.startswith(word) and not rest[len(word) :][:1].isalpha()
        ),
        "",
    )
