"""The gate: what holds an edition back whatever its pages look like: a recall, a wrong text.

`make_edition` asks here before anything is set, and a build asks again for each edition that did
not change since it was made: a recall is no input of a page, nor is what a check has learnt.
"""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from leaflets.compose.inputs import Input, Inputs
from leaflets.compose.plan import Edition
from leaflets.editions import wording
from leaflets.editions.cache import Cache
from leaflets.editions.proof import located
from leaflets.library import clinic
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.library.recalls import Recall, words_of
from leaflets.problem import Code, Problem, Severity
from leaflets.records.entering import items

RECALLED = Code(
    "GOV-06",
    title="Recalled",
    why="Somebody of the clinic recalled this edition, because something on it is wrong. It is not "
    "printed again, nor is one that says the same under another code, and its file is taken out of "
    "the output folder.",
    remedy="recalls.toml says why. Change what is wrong; the edition then has other words. If "
    "the recall itself was a mistake, delete its entry.",
    grave=True,
)


COUNTRY_OPEN = Code(
    "GOV-07",
    title="For which country?",
    why="The language has a country of its own, and the clinic is in another. Whichever we took, "
    "the emergency number, units and medicines might be those of the wrong country, and a draft is "
    "handed out as well. So nothing is printed in this language until the clinic has said it.",
    remedy='State `[language.en-GB]` and below it `region = "US"`, or whichever it is, in '
    "clinic.toml. If no such sheets are wanted, take the language out of `languages`.",
    grave=True,
)


def held_back(
    inputs: Inputs,
    edition: Edition,
    fingerprint: str,
    asked: Collection[Input],
    cache: Cache | None = None,
) -> tuple[Problem, ...]:
    """Return why an edition may not be printed, whatever its pages look like; nothing if it may.

    `asked` are all inputs of the edition, and `cache` keeps what was found in their texts.
    """
    problems = (
        *_recalled(inputs, edition, fingerprint, asked),
        *open_countries(inputs.library, edition.languages),
        *wording.faults(inputs, edition, asked, cache),
    )
    return passed_over(inputs.library, edition, [located(edition, problem) for problem in problems])


def passed_over(
    library: Library, edition: Edition, problems: Iterable[Problem]
) -> tuple[Problem, ...]:
    """Make warnings of the errors over which a draft with errors is printed.

    Never of those in warning signs and in messages about medicines, nor of grave ones.
    """
    if not edition.with_errors or edition.status == "release":
        return tuple(problems)
    return tuple(
        problem
        if problem.grave or library.parts.is_critical(problem.where)
        else msgspec.structs.replace(problem, severity=Severity.WARNING)
        for problem in problems
    )


def _recalled(
    inputs: Inputs, edition: Edition, fingerprint: str, asked: Collection[Input]
) -> Iterator[Problem]:
    recall = inputs.library.recalls.get(fingerprint) or _of_same_words(inputs, edition, asked)
    if recall is not None:
        yield RECALLED.problem(
            message=f"{recall.code} was recalled by {recall.name} on {recall.on}:",
            text=recall.reason,
            hint="Change what is wrong; then it prints, under a new code.",
        )


def _of_same_words(inputs: Inputs, edition: Edition, asked: Collection[Input]) -> Recall | None:
    """Return the recall of an edition in whose place this one says the very same, if there is one.

    What could not be read of a recalled edition, for its ledger is lost, is held by its code alone.
    """
    place = edition.leaflet.slug, edition.language.tag, edition.format.id
    alike = [
        recall
        for recall in inputs.library.recalls.values()
        if recall.words and (recall.leaflet, recall.language, recall.format) == place
    ]
    if not alike:
        return None
    words = words_of(items(inputs, edition, tuple(asked)), inputs.library.parts)
    return next((recall for recall in alike if recall.words == words), None)


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
