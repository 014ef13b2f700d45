"""The gate: what holds an edition back whatever its pages look like, such as a recall.

`make_edition` asks here before anything is set, and a build asks again for each edition that did
not change since it was made: a recall is no input of a page.
"""

from collections.abc import Iterable, Iterator

from leaflets.compose.plan import Edition
from leaflets.editions.proof import located
from leaflets.library import clinic
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.problem import Code, Problem

RECALLED = Code(
    "GOV-06",
    title="Recalled",
    why="Somebody of the clinic recalled exactly this edition, because something on it is wrong. "
    "It is not printed again, and its file is taken out of the output folder.",
    remedy="recalls.toml says why. Change what is wrong; the edition then has another code. If "
    "the recall itself was a mistake, delete its entry.",
)


COUNTRY_OPEN = Code(
    "GOV-07",
    title="For which country?",
    why="The language has a country of its own, and the clinic is in another. Whichever we took, "
    "the emergency number, units and medicines might be those of the wrong country, and a draft is "
    "handed out as well. So nothing is printed in this language until the clinic has said it.",
    remedy='State `[language.en-GB]` and below it `region = "US"`, or whichever it is, in '
    "clinic.toml. If no such sheets are wanted, take the language out of `languages`.",
)


def held_back(library: Library, edition: Edition, fingerprint: str) -> tuple[Problem, ...]:
    """Return why an edition may not be printed; nothing if it may."""
    problems = (*_recalled(library, fingerprint), *open_countries(library, edition.languages))
    return tuple(located(edition, problem) for problem in problems)


def _recalled(library: Library, fingerprint: str) -> Iterator[Problem]:
    recall = library.recalls.get(fingerprint)
    if recall is not None:
        yield RECALLED.problem(
            message=f"{recall.code} was recalled by {recall.name} on {recall.on}:",
            text=recall.reason,
            hint="Change what is wrong; then it prints, under a new code.",
        )


def open_countries(library: Library, languages: Iterable[Language]) -> Iterator[Problem]:
    """Yield a problem for each language of which the clinic must say for which country it is."""
    for language in languages:
        if not library.is_country_settled(language):
            own = library.regions[language.region]
            yield COUNTRY_OPEN.problem(
                language=language.tag,
                where=clinic.FILE,
                message=f"{language.name} has another country ({own.code}) than the clinic"
                f" ({library.region.code}):",
                text="for which of them are sheets in this language?",
                hint=f'Write [language.{language.tag}] and below it region = "{own.code}" or'
                f' region = "{library.region.code}".',
            )
