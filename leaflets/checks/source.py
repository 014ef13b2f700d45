"""Check the English source: short sentences, no numbers in prose, facts with sources."""

import re
from collections.abc import Iterator

from leaflets.catalogs import extract
from leaflets.catalogs.message import COMMON, Message
from leaflets.library.load import Library
from leaflets.problem import Problem

_LONGEST_SENTENCE = 20
_LONGEST_PARAGRAPH = 3

#: Units of facts that state how a sheet is used, not what is known: such a fact has no source.
_SOURCELESS_UNITS = frozenset({"score"})

_MARKUP = re.compile(r"<[^>]*>")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_END = re.compile(r"(?<=[.!?])\s+")


def check(library: Library) -> Iterator[Problem]:
    """Yield the problems of every message and fact, in the order of the library."""
    for domain in (COMMON, *library.leaflets):
        for message in extract.domain(library.roots.templates, library.leaflets, domain):
            yield from _message(message, "" if domain == COMMON else domain)
    yield from _facts(library)


def _message(message: Message, leaflet: str) -> Iterator[Problem]:
    for text in filter(None, (message.text, message.plural)):
        words = _MARKUP.sub(" ", text)
        yield from _numbers(message, leaflet, words)
        sentences = _END.split(_PLACEHOLDER.sub("X", words).strip())
        for sentence in sentences:
            count = len(sentence.split())
            if count > _LONGEST_SENTENCE:
                yield Problem(
                    code="READ-01",
                    leaflet=leaflet,
                    where=message.id,
                    message=f"a sentence of {count} words:",
                    text=sentence,
                    hint="Make two sentences of it.",
                )
        if len(sentences) > _LONGEST_PARAGRAPH:
            yield Problem(
                code="READ-02",
                leaflet=leaflet,
                where=message.id,
                message=f"a paragraph of {len(sentences)} sentences:",
                text=words,
                hint="Split the paragraph.",
            )


def _numbers(message: Message, leaflet: str, words: str) -> Iterator[Problem]:
    bare = _PLACEHOLDER.sub("", words)
    if found := re.search(r"\d[\d.,]*|%", bare):
        yield Problem(
            code="NUM-01",
            leaflet=leaflet,
            where=message.id,
            message=f"{found[0]} is typed in the text:",
            text=words,
            hint="Make it a fact and use a placeholder.",
        )


def _facts(library: Library) -> Iterator[Problem]:
    for fact_id, entry in library.facts.entries.items():
        sources = [one.source for one in entry.by_region.values()]
        if entry.value is not None:
            sources.append(entry.source)
        if entry.unit not in _SOURCELESS_UNITS and not all(sources):
            yield Problem(
                code="NUM-02",
                where=f"facts.toml, fact.{fact_id}",
                message="the fact names no source.",
                hint="Name an entry of sources.toml.",
            )
