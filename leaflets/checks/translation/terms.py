"""Terms: one thing has one name, through all leaflets."""

from collections.abc import Iterator

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation.pair import Pair
from leaflets.problem import Code, Severity

TERM_NOT_USED = Code(
    "TERM-01",
    title="The term of the glossary is not used",
    why="One thing has one name through all leaflets; two names make readers think of two things.",
    remedy="Use the preferred term. If another word is right too, add it to the glossary: "
    "`allowed`, or its beginning to `stems`.",
    severity=Severity.WARNING,
)

TERM_FORBIDDEN = Code(
    "TERM-02",
    title="A word that the glossary forbids",
    why="The glossary says why: the word means something else, or frightens or offends.",
    remedy="Use the preferred term.",
)

NAME_CHANGED = Code(
    "TERM-03",
    title="A name that must stay as it is was changed",
    why="The patient needs this name to find the test, the tool or the medicine again.",
    remedy="Copy the name from the English, letter by letter.",
)


def broken(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for each term of the English that a form does not keep, or says wrongly."""
    for term in pair.glossary.found_in(pair.source[-1]):
        for form, text in pair.texts():
            if word := term.misused(text):
                what = f"“{word}” is not to be used for “{term.source}”; say “{term.preferred}”."
                yield Fault(TERM_FORBIDDEN, what, form)
            elif term.is_kept(text):
                continue
            elif term.do_not_translate:
                yield Fault(NAME_CHANGED, f"“{term.source}” must stay as it is.", form)
            else:
                yield Fault(TERM_NOT_USED, f"“{term.source}” is “{term.preferred}” here.", form)
