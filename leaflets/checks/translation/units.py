"""Units: after a placeholder stands the unit of the English, in the words of the language."""

from collections.abc import Iterator

from leaflets.catalogs import quantities
from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation.pair import Pair


def changed(pair: Pair) -> Iterator[Fault]:
    """Yield a fault if days stand for hours, or milligrams for micrograms, after a placeholder.

    What a language calls a unit is known from CLDR and its safety words; other words say nothing.
    """
    if not pair.units:
        return
    for form, _ in pair.texts():
        for difference in quantities.unit_differences(pair.source[-1], form, pair.units):
            yield Fault(difference.code, difference.message, form)
