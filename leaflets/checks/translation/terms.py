"""Terms: one thing has one name, through all leaflets."""

from collections.abc import Iterator

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation.pair import Pair


def broken(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for each term of the English that a form does not keep, or says wrongly."""
    for term in pair.glossary.found_in(pair.source[-1]):
        for form, text in pair.texts():
            if word := term.misused(text):
                what = f"“{word}” is not to be used for “{term.source}”; say “{term.preferred}”."
                yield Fault("TERM-02", what, form)
            elif term.is_kept(text):
                continue
            elif term.do_not_translate:
                yield Fault("TERM-03", f"“{term.source}” must stay as it is.", form)
            else:
                yield Fault("TERM-01", f"“{term.source}” is “{term.preferred}” here.", form)
