"""Check that each message that tells a patient something clinical has a claim, with its source."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice

from leaflets.catalogs import domains, extract
from leaflets.catalogs.message import DESK, SHARED, Message
from leaflets.compose.places import places
from leaflets.compose.survey import branches
from leaflets.errors import InputError
from leaflets.library import claims
from leaflets.library.leaflet import Leaflet
from leaflets.library.load import Library
from leaflets.library.parts import Part, Role
from leaflets.problem import Code, Problem, Severity

NO_CLAIM = Code(
    "SRC-01",
    title="A statement that no claim gives a source",
    why="What a patient is told rests on a source, on our own judgement, or on what the clinic "
    "decides. If nobody says on which, nobody can check it, or find it when guidance changes.",
    remedy="Name the message in a claim of templates/claims.toml (docs/templates.md says how). If "
    "it tells a patient nothing clinical, name it there under `[no_claim]`.",
    severity=Severity.WARNING,
)

NO_MESSAGE = Code(
    "SRC-02",
    title="A claim of a message that does not exist",
    why="The message was renamed or taken out, so the claim covers less than it says, and the "
    "sentence that took its place may have no source.",
    remedy="Write the id that the message has now, or take it out of the claim.",
)

CLAIM_DENIED = Code(
    "SRC-03",
    title="A message with a claim that is listed as having none",
    why="One of the two is a slip. A message that states a claim tells a patient something.",
    remedy="Take it out of `[no_claim]`, or out of the claim. A pattern with a star may stand in "
    "`[no_claim]`: what has a claim is left out of it.",
)


def check(library: Library) -> Iterator[Problem]:
    """Yield what is wrong with the claims, then each message without one in the order of pages."""
    messages = {
        message.id: (domain, message)
        for domain in domains.names(library)
        if domain != DESK
        for message in extract.domain(library, domain)
    }
    yield from _of_file(library, messages)
    unsettled = [name for name in messages if not library.claims.is_settled(name)]
    parts = _parts(library, {name: messages[name][0] for name in unsettled})
    for name in unsettled:
        domain, message = messages[name]
        if name in parts and not _is_label(library, name, parts[name]):
            yield _without(message, "" if domain in SHARED else domain)


def _without(message: Message, leaflet: str) -> Problem:
    return NO_CLAIM.problem(
        leaflet=leaflet,
        where=message.id,
        message="no claim gives this a source:",
        text=message.plural or message.text,
        hint=f"Name it in a claim of {claims.FILE}; if it tells a patient nothing clinical, under"
        " [no_claim].",
        file=f"templates/{message.file}",
    )


def _is_label(library: Library, message_id: str, part: Part) -> bool:
    """Tell whether a message only names what stands beside it; nothing in an emergency box does."""
    in_box = library.parts.is_message(Role.EMERGENCY_BOX, message_id)
    return part.label and not in_box


def _parts(library: Library, wanted: Mapping[str, str]) -> Mapping[str, Part]:
    """Find the part that each message stands in; those that no page prints are left out.

    `wanted` maps the messages to their domains. Few of the branches of a leaflet need be composed;
    what leaflets share is looked for in one of each before it is in all.
    """
    found: dict[str, Part] = {}
    for slug, leaflet in library.leaflets.items():
        own = {name for name, domain in wanted.items() if domain == slug}
        _look(library, leaflet, own, found)
    for most in (1, None):
        for leaflet in library.leaflets.values():
            _look(library, leaflet, wanted, found, most)
    return found


def _look(
    library: Library,
    leaflet: Leaflet,
    wanted: Collection[str],
    found: dict[str, Part],
    most: int | None = None,
) -> None:
    """Compose branches of a leaflet until all that is wanted was seen, but no more than `most`."""
    if found.keys() >= set(wanted):
        return
    with suppress(InputError):  # a template that cannot be filled is reported with its page
        for page in islice(branches(library, leaflet), most):
            for name, place in places([page], library.parts).items():
                found.setdefault(name, place.part)
            if found.keys() >= set(wanted):
                return


def _of_file(library: Library, known: Iterable[str]) -> Iterator[Problem]:
    """Yield what is wrong in the first claims.toml: the clinic's, which alone it can mend."""
    path = library.roots.templates[0] / claims.FILE
    if not path.is_file():
        return
    file = claims.read(path)
    named = {f"claim.{claim_id}": claim.messages for claim_id, claim in file.claim.items()}
    for key, patterns in {**named, "no_claim": file.no_claim.messages}.items():
        for pattern in patterns:
            if not any(map(claims.matching([pattern]).match, known)):
                yield _in_file(NO_MESSAGE, key, f"there is no message “{pattern}”.")
    for message_id in file.no_claim.messages:
        for claim_id in library.claims.of(message_id):
            yield _in_file(
                CLAIM_DENIED,
                "no_claim",
                f"“{message_id}” is listed here, and states the claim {claim_id}.",
            )


def _in_file(code: Code, key: str, message: str) -> Problem:
    return code.problem(
        where=f"{claims.FILE}, {key}",
        message=message,
        hint="Write the id it has now, or take it out."
        if code is NO_MESSAGE
        else "Take it out of one.",
        file=f"templates/{claims.FILE}",
    )
