"""Characters: invisible ones that some languages need and this one does not."""

from collections.abc import Iterator

from leaflets.catalogs.integrity import OF_SOME_LANGUAGES, UNSEEN_CHARACTER, Fault, name_of
from leaflets.checks.translation.pair import Pair


def without_use(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for an invisible character that the language has no use for."""
    allowed = pair.orthography.invisible
    for form, _ in pair.texts():
        if found := next(
            (one for one in form if one in OF_SOME_LANGUAGES and one not in allowed), ""
        ):
            yield Fault(UNSEEN_CHARACTER, f"it holds {name_of(found)}.", form)
