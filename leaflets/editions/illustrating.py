"""Illustrate an exported sheet: each sentence as it is printed, for who translates outside."""

from collections.abc import Mapping, Sequence

from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, paper, plan
from leaflets.editions.build import families
from leaflets.editions.make import Making, make_edition
from leaflets.errors import InputError
from leaflets.library import fonts
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.render import pictures
from leaflets.render.fontconfig import isolated


def pictures_of_messages(
    library: Library, language: Language, leaflets: Sequence[str]
) -> Mapping[str, bytes]:
    """Draw the place of each sentence on the paper of its country, as PNG by message id.

    What is on no page has none. Raises `InputError` for a page that cannot be drawn as it should.
    """
    tag = language.tag
    formats = (paper(library, tag),)
    request = Request(leaflets=tuple(leaflets), languages=(tag,), formats=formats)
    editions, inputs = plan(library, request), Inputs(library)
    drawn: dict[str, bytes] = {}
    with isolated(fonts.locate(families(library, editions))):
        for edition in editions:
            # A sentence of several leaflets is shown where it is printed first.
            drawn = {**_of_edition(inputs, edition), **drawn}
    return drawn


def _of_edition(inputs: Inputs, edition: Edition) -> Mapping[str, bytes]:
    proof = make_edition(inputs, edition, Making(purpose="look"))
    workings = proof.workings
    # What the typesetter left out, such as a picture, is not on the page to be seen.
    warnings = workings.layout.warnings if workings and workings.layout else ()
    for warning in warnings:
        raise InputError(edition.name, f"its pages cannot be drawn. The typesetter says: {warning}")
    if workings is None or workings.layout is None or workings.pdf is None:
        problem = proof.problems[0]
        raise InputError(
            edition.name, f"its pages cannot be drawn. {problem.message} {problem.text}"
        )
    return pictures.of_messages(workings.pdf, workings.layout)
