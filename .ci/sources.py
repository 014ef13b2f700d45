"""List what patients are told, and what it rests on: `docs/sources.md`."""

from collections.abc import Iterator, Sequence

from leaflets.catalogs import domains, extract
from leaflets.catalogs.message import SHARED, Message
from leaflets.library import load, markup
from leaflets.library.claims import BASES
from leaflets.library.load import Library

_HEAD = """# What patients are told, and where it comes from

Made by `make docs` from `templates/claims.toml`, `templates/sources.toml` and the English of the
leaflets. Each message that tells a patient something clinical states a claim; a claim rests on a
source, on our own judgement, or on what the clinic decides. “…” stands for a number or a name that
is filled in; the numbers have their own sources, in `templates/facts.toml`. Who verified a claim,
and until when: `leaflets status`. How a claim is written: [Writing a
leaflet](templates.md#claims).
"""


def document() -> str:
    """Write the document, of the library without a clinic."""
    library = load.load(None)
    lines = [_HEAD]
    for slug, leaflet in library.leaflets.items():
        lines += _messages(library, leaflet.title, extract.domain(library, slug))
    shared = (extract.domain(library, name) for name in domains.names(library) if name in SHARED)
    common = [message for messages in shared for message in messages]
    lines += _messages(library, "What leaflets share", common)
    return "\n".join([*lines, *_claims(library), *_sources(library)])


def _messages(library: Library, title: str, messages: Sequence[Message]) -> Iterator[str]:
    yield f"## {title}\n"
    yield from _head("message", "words", "claim", "basis", "sources", "read for it")
    for message in {message.id: message for message in messages}.values():
        words = markup.filled(markup.untagged(message.plural or message.text, " "), "…")
        for claim_id in library.claims.of(message.id):
            claim = library.claims.entries[claim_id]
            sources = ", ".join(claim.sources)
            basis = BASES[claim.basis]
            yield _row(f"`{message.id}`", words, claim_id, basis, sources, claim.read or "")
    yield ""


def _claims(library: Library) -> Iterator[str]:
    yield "## Claims\n"
    yield from _head("claim", "says", "basis", "place in the source", "note")
    for claim_id, claim in library.claims.entries.items():
        yield _row(f"`{claim_id}`", claim.says, BASES[claim.basis], claim.place, claim.note)
    yield ""


def _sources(library: Library) -> Iterator[str]:
    yield "## Sources\n"
    yield from _head("source", "reference", "looked up", "what was read", "note")
    for name, source in library.sources.items():
        checked = f"{source.checked}"
        yield _row(f"`{name}`", source.citation(), checked, source.verified_how, source.note)
    yield ""


def _head(*names: str) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"


def _row(*cells: str) -> str:
    texts = (" ".join(cell.split()).replace("|", "\\|").replace("<", "&lt;") for cell in cells)
    return f"| {' | '.join(texts)} |"
