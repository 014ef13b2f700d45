"""Check the English source: easy to read, risks in numbers, numbers from facts with sources."""

import re
from collections.abc import Iterator, Set

import msgspec

from leaflets.catalogs import domains, extract
from leaflets.catalogs.message import SHARED, Message
from leaflets.checks import reading
from leaflets.library import accepted, markup, overlay, usertest
from leaflets.library.load import Library
from leaflets.problem import Code, Problem, Severity

SENTENCE_TOO_LONG = Code(
    "READ-01",
    title="A sentence of more than 20 words",
    why="Long sentences are the main reason why patients misread a leaflet (NHS service manual).",
    remedy="Make two sentences of it.",
)

PARAGRAPH_TOO_LONG = Code(
    "READ-02",
    title="A paragraph of more than 3 sentences",
    why="Short paragraphs are found again; long ones are skipped (NHS service manual).",
    remedy="Split the paragraph, or make a list.",
)

RISK_IN_WORDS = Code(
    "RISK-01",
    title="A risk in words, without a number",
    why="Patients hear very different numbers in “rare” or “common”; most think that risks are "
    "far higher than they are.",
    remedy="Give the number as a fact (… of 1,000 people), or say that it is not known.",
    severity=Severity.WARNING,
)

DENOMINATORS_DIFFER = Code(
    "RISK-02",
    title="Risks counted in different numbers of people",
    why="1 in 100 looks larger than 20 in 1,000 to many readers. In one leaflet all risks are "
    "counted in the same number of people.",
    remedy="Give the facts named the same `per` in facts.toml.",
)

NUMBER_TYPED = Code(
    "NUM-01",
    title="A number or percent sign typed in the English",
    why="A number in prose has no source and must be copied by every translator.",
    remedy="Put the number into facts.toml and use a placeholder.",
)

FACT_WITHOUT_SOURCE = Code(
    "NUM-02",
    title="A fact without a source",
    why="A clinical number that nobody can trace cannot be checked.",
    remedy="Name an entry of sources.toml in the fact's `source`.",
)

PLACEHOLDER_NOT_EXPLAINED = Code(
    "NUM-09",
    title="A placeholder that is not explained to translators",
    why="Who does not know whether %(days)s is a number, a range or a name cannot build a "
    "sentence round it.",
    remedy="Write {# L10N: days = what it holds, for example 3–7. #} on the line before.",
)

ANSWER_NOWHERE = Code(
    "USER-01",
    title="An answer of the user test stands nowhere",
    why="Readers are asked what a leaflet says. If the message in which the answer stands is gone, "
    "the tester looks for it in vain, or marks a right answer as wrong.",
    remedy="Name the message in which the answer stands now in the leaflet's usertest.toml, or ask "
    "something else.",
)

_LONGEST_SENTENCE = 20
_LONGEST_PARAGRAPH = 3

#: Units of facts that state how a sheet is used, not what is known: such a fact has no source.
_SOURCELESS_UNITS = frozenset({"score"})

_FACT = re.compile(r"""\bfact\(["']([\w-]+)["']\)""")

#: Words that people take for very different numbers.
_RISK = re.compile(
    r"\b(?:rare|rarely|common|commonly|uncommon|uncommonly|likely|unlikely|probably|"
    r"(?:small|slight|low|high|big|good) (?:chance|risk))\b",
    re.IGNORECASE,
)

_END = re.compile(r"(?<=[.!?])\s+")


def check(library: Library) -> Iterator[Problem]:
    """Yield the problems of every message and fact, in the order of the library."""
    jargon = reading.load_jargon(library.roots.templates)
    for domain in domains.names(library):
        messages = extract.domain(library, domain)
        leaflet = "" if domain in SHARED else domain
        for message in messages:
            for problem in check_message(message, leaflet):
                yield msgspec.structs.replace(problem, file=f"templates/{message.file}")
        if leaflet:
            yield from reading.check(leaflet, messages, jargon, library.parts)
            yield from _denominators(library, leaflet)
            yield from _answers(library, leaflet, {message.id for message in messages})
    yield from _facts(library)


def _denominators(library: Library, leaflet: str) -> Iterator[Problem]:
    """Yield a problem if the risks of a leaflet are counted in different numbers of people."""
    path = overlay.find(library.roots.templates, library.leaflets[leaflet].template)
    named = _FACT.findall(path.read_text(encoding="utf-8")) if path else []
    stated = {name: library.facts.denominator(name) for name in named if library.facts.has(name)}
    counted = sorted({per for per in stated.values() if per})
    if len(counted) > 1:
        facts = ", ".join(f"{name} (in {per})" for name, per in stated.items() if per)
        yield DENOMINATORS_DIFFER.problem(
            leaflet=leaflet,
            where=f"templates/{library.leaflets[leaflet].template}",
            message=f"risks are counted in different numbers of people: {facts}.",
            hint="Give the facts the same `per` in facts.toml.",
        )


def _answers(library: Library, leaflet: str, own: Set[str]) -> Iterator[Problem]:
    """Yield a problem for each answer of a user test that stands in a message that is not there."""
    stated = usertest.questions(library.roots.templates, leaflet)
    if stated is None:
        return
    path, questions = stated
    shared = {message.id for domain in SHARED for message in extract.domain(library, domain)}
    for question in questions.question:
        for name in question.messages:
            if name not in own | shared:
                yield ANSWER_NOWHERE.problem(
                    leaflet=leaflet,
                    where=name,
                    file=str(path),
                    message=f"the answer to “{question.id}” is said to stand in a message that"
                    " does not exist.",
                    hint="Name the message in which it stands in usertest.toml.",
                )


def _risk_words(message: Message, leaflet: str) -> Iterator[Problem]:
    """Yield a problem for a risk in words alone; a question may ask for one."""
    text = message.plural or message.text
    found = _RISK.search(text)
    if found and not markup.placeholders(text) and not text.rstrip().endswith("?"):
        yield RISK_IN_WORDS.problem(
            leaflet=leaflet,
            where=message.id,
            message=f"“{found[0]}” stands without a number:",
            text=text,
            hint="Give the number as a fact, or say that it is not known.",
        )


def _unexplained(message: Message, leaflet: str) -> Iterator[Problem]:
    """Yield a problem for each placeholder that no comment explains to translators."""
    said = " ".join(message.comments)
    for name in dict.fromkeys(markup.placeholders(f"{message.text} {message.plural}")):
        if not re.search(rf"\b{name} = ", said):
            yield PLACEHOLDER_NOT_EXPLAINED.problem(
                leaflet=leaflet,
                where=message.id,
                message=f"no comment explains %({name})s, in",
                text=message.text,
                hint=f"Write {{# L10N: {name} = … #}} on the line before.",
            )


def check_message(message: Message, leaflet: str) -> Iterator[Problem]:
    """Yield the problems of one message."""
    digest = accepted.text_of(message.id, message.source, ())
    for problem in _of_message(message, leaflet):
        yield msgspec.structs.replace(problem, digest=digest)


def _of_message(message: Message, leaflet: str) -> Iterator[Problem]:
    yield from _risk_words(message, leaflet)
    yield from _unexplained(message, leaflet)
    for text in filter(None, (message.text, message.plural)):
        words = markup.untagged(text, " ")
        yield from _numbers(message, leaflet, words)
        sentences = _END.split(markup.filled(words, "X").strip())
        for sentence in sentences:
            count = len(sentence.split())
            if count > _LONGEST_SENTENCE:
                yield SENTENCE_TOO_LONG.problem(
                    leaflet=leaflet,
                    where=message.id,
                    message=f"a sentence of {count} words:",
                    text=sentence,
                    hint="Make two sentences of it.",
                )
        if len(sentences) > _LONGEST_PARAGRAPH:
            yield PARAGRAPH_TOO_LONG.problem(
                leaflet=leaflet,
                where=message.id,
                message=f"a paragraph of {len(sentences)} sentences:",
                text=words,
                hint="Split the paragraph.",
            )


def _numbers(message: Message, leaflet: str, words: str) -> Iterator[Problem]:
    bare = markup.filled(words, "")
    if found := re.search(r"\d[\d.,]*|%", bare):
        yield NUMBER_TYPED.problem(
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
            yield FACT_WITHOUT_SOURCE.problem(
                where=f"facts.toml, fact.{fact_id}",
                message="the fact names no source.",
                hint="Name an entry of sources.toml.",
            )
