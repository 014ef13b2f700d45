"""Pages: what a clinician saw on the pages of a leaflet, and how a page to be released differs.

A release shows exactly what was signed: each text, wherever it comes from, each picture, in their
order (issue 14). It is compared as it is read back, not as it was meant.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from leaflets.compose.plan import Edition
from leaflets.library import signoff
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.library.signoff import Item, SignedPage
from leaflets.problem import Code, Problem
from leaflets.records import keys
from leaflets.records.approval.dossier import file_of
from leaflets.render.reading import Passage, Reading

PAGE_NOT_SIGNED = Code(
    "GOV-08",
    title="The page is not the one that was signed",
    why="A clinician approved the whole page: each text, wherever it comes from, each picture, and "
    "their order. Something on this page was not there, or something that was there is missing.",
    remedy="Look at the page. If it is right, let the clinician sign it as it is now; if not, undo "
    "the change of the template, the style sheet, the facts, the region or the clinic.",
    grave=True,
)


def items_of(reading: Reading) -> tuple[Item, ...]:
    """State what is read on pages, as an approval keeps it; the pictures are one item.

    The clinic's own files come last.
    """
    drawings = hashlib.sha256("\n".join(reading.drawings).encode()).hexdigest()
    return (
        *(Item("passage", passage.message, (passage.text,)) for passage in reading.passages),
        *(Item("margin", passage.message, (passage.text,)) for passage in reading.margins),
        Item("picture", f"{len(reading.drawings)} drawings", (drawings,)),
        *(Item("file", name, (digest,)) for name, digest in reading.files),
    )


def signed_pages(
    readings: Iterable[tuple[Edition, Library, Reading]],
) -> tuple[tuple[SignedPage, ...], tuple[Item, ...]]:
    """State the pages that were read for signing, and their items; what shows the same, once."""
    formats: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    items: dict[str, Item] = {}
    for edition, library, reading in readings:
        own = items_of(reading)
        items |= {item.digest: item for item in own}
        key = library.clinic.site, edition.region.code, tuple(item.digest for item in own)
        formats.setdefault(key, []).append(edition.format.id)
    pages = tuple(
        SignedPage(site=site, region=region, formats=tuple(dict.fromkeys(ids)), items=digests)
        for (site, region, digests), ids in formats.items()
    )
    return pages, tuple(items.values())


#: The kinds of lines that are read, and what stands between two details of a patient.
_READ = frozenset({"passage", "margin"})
_BETWEEN = ",،，、"


class Line(msgspec.Struct, frozen=True):
    """A thing that is compared: its kind, its message, and its letters; `text` shows it."""

    kind: str
    message: str
    letters: str
    text: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what is compared."""
        return self.kind, self.message, self.letters


def differences(library: Library, edition: Edition, reading: Reading) -> Iterator[Problem]:
    """Yield each difference of the pages of a release, as they are read, from those signed.

    Of a bilingual edition, each language was signed alone, and the second is laid into the first.
    """
    now = _lines(items_of(reading))
    signed = [
        [lines for _, lines in _pages(library, edition, language)] for language in edition.languages
    ]
    if not all(signed):
        yield PAGE_NOT_SIGNED.problem(
            message="no clinician has signed these pages.",
            hint=f"Run: leaflets sign {edition.leaflet.slug} {edition.language.tag}"
            " --role clinician",
        )
        return
    if edition.beside is None:
        nearest = max(signed[0], key=lambda lines: len(_keys(lines) & _keys(now)))
        strange = [line for line in now if line.key not in _keys(nearest)]
        gone = [line for line in nearest if line.key not in _keys(now)]
        moved = _moved(now, nearest)
    else:
        now, first, second = (
            _aligned(lines, nested, reading.heads)
            for lines, nested in (
                (now, [*reading.nested[0], *map(_followed, reading.nested[0])]),
                (signed[0][0], reading.nested[0]),
                (signed[1][0], reading.nested[1]),
            )
        )
        laid = _laid_into(library, edition, first, second)
        others = (line for line in second if line.kind != "passage")
        texts = {line.key[1:] for line in (*laid, *others)}
        strange = [line for line in now if line.key[1:] not in texts]
        before = [line for line in laid if line.kind == "passage"]
        here = [line for line in now if line.kind == "passage"]
        gone = [line for line in before if line.key not in _keys(here)]
        moved = _moved(here, before)
    differing = tuple(_problems(strange, gone, moved))
    if differing and not _is_seen_in_format(library, edition):
        yield _of_another_format(edition)
    yield from differing


def _is_seen_in_format(library: Library, edition: Edition) -> bool:
    """Tell whether clinicians saw these pages in this format, whatever they said then."""
    return all(
        any(edition.format.id in page.formats for page, _ in _pages(library, edition, language))
        for language in edition.languages
    )


def _of_another_format(edition: Edition) -> Problem:
    """Say that an edition shows other things in this format than in those that were signed."""
    return PAGE_NOT_SIGNED.problem(
        message=f"no clinician has seen these pages in the format {edition.format.id}, which show"
        " other things than those that were signed:",
        text=edition.format.name,
        hint="Run: "
        + " and ".join(
            f"leaflets sign {edition.leaflet.slug} {language.tag} --role clinician"
            f" --format {edition.format.id}"
            for language in edition.languages
        ),
    )


def beyond(
    library: Library, details: Sequence[str], now: Reading, plain: Reading
) -> Iterator[Problem]:
    """Yield what a sheet for one patient says beside the signed one that is not of the patient.

    Where the team answered yes or no, the answer stands in place of both. No other message may be
    missing, and what belongs to no message is made of the patient's details.
    """
    letters = sorted((Passage("", text).letters for text in details), key=len, reverse=True)
    filled = re.compile("|".join(map(re.escape, letters)) or "$^")
    read, signed = (
        [line for line in _lines(items_of(reading)) if line.kind in _READ]
        for reading in (now, plain)
    )
    strange = [
        line
        for line in read
        if line.key not in _keys(signed)
        and not library.parts.is_answer(line.message)
        and (line.message or filled.sub("", line.letters).strip(_BETWEEN))
    ]
    gone = [
        line
        for line in signed
        if line.message
        and not library.parts.is_answer(line.message)
        and line.key not in _keys(read)
    ]
    yield from _problems(strange, gone, [])


def digest_of(reading: Reading) -> str:
    """Name what is read of an edition by a digest: the same for all that say and show the same."""
    return _digest(_lines(items_of(reading)))


def is_signed(library: Library, edition: Edition, digest: str) -> bool:
    """Tell whether a clinician signed exactly these pages; of two languages, it is not known."""
    if edition.beside is not None:
        return False
    signed = _pages(library, edition, edition.language)
    return any(_digest(lines) == digest for _, lines in signed)


def _digest(lines: Sequence[Line]) -> str:
    data = msgspec.json.encode([line.key for line in lines])
    return hashlib.sha256(data).hexdigest()[:32]


def _followed(nested: tuple[str, ...]) -> tuple[str, ...]:
    """Return how a message that holds others is read with a second language below it."""
    return nested if nested[-1] == nested[0] else (*nested, nested[0])


def _aligned(
    lines: Sequence[Line], nested: Iterable[tuple[str, ...]], heads: Iterable[tuple[str, ...]]
) -> tuple[Line, ...]:
    """Read lines as they are read whatever the number of languages, and wherever a page ends.

    The passages of a message that holds others are one, for a second language is laid below it as
    a whole; so is what belongs to no message, in which a page may end; and the head of a table that
    is repeated on the next page is left out.
    """
    whole = _whole(lines, nested)
    for head in heads:
        whole = _without_repeats(whole, head)
    groups = groupby(
        enumerate(whole),
        lambda one: -1 if one[1].kind == "passage" and not one[1].message else one[0],
    )
    return tuple(_joined([line for _, line in group]) for _, group in groups)


def _whole(lines: Sequence[Line], nested: Iterable[tuple[str, ...]]) -> list[Line]:
    """Join the passages of each message that holds others.

    `nested` are the id of each and those of its passages; the most passages that fit are taken.
    """
    inside = sorted(set(nested), key=len, reverse=True)
    ids = tuple(line.message if line.kind == "passage" else None for line in lines)
    whole: list[Line] = []
    begin = 0
    while begin < len(lines):
        outer, *parts = next(
            (one for one in inside if ids[begin : begin + len(one) - 1] == one[1:]),
            (lines[begin].message, ""),
        )
        end = begin + len(parts)
        whole.append(msgspec.structs.replace(_joined(lines[begin:end]), message=outer))
        begin = end
    return whole


def _without_repeats(lines: list[Line], head: tuple[str, ...]) -> list[Line]:
    """Leave out the messages of a head where they are repeated with the same words."""
    left: list[Line] = []
    seen: list[tuple[str, str, str]] = []
    begin = 0
    while begin < len(lines):
        block = lines[begin : begin + len(head)]
        if tuple(line.message for line in block) != head:
            block = block[:1]
            left += block
        elif [line.key for line in block] != seen:
            seen = seen or [line.key for line in block]
            left += block
        begin += len(block)
    return left


def _joined(lines: Sequence[Line]) -> Line:
    letters, text = "".join(line.letters for line in lines), " ".join(line.text for line in lines)
    return Line(lines[0].kind, lines[0].message, letters, text)


def _laid_into(
    library: Library, edition: Edition, first: Sequence[Line], second: Sequence[Line]
) -> list[Line]:
    """Lay the texts of a second language under those of the first, as a bilingual page does."""
    below: dict[str, list[Line]] = {}
    for line in second:
        if line.kind == "passage" and line.message:
            below.setdefault(line.message, []).append(line)
    laid: list[Line] = []
    for line in first:
        under = below.get(line.message)
        if line.kind != "passage" or not under or library.parts.is_once(line.message):
            laid.append(line)
            continue
        other = under.pop(0) if len(under) > 1 else under[0]
        if other.letters == line.letters:
            laid.append(line)
            continue
        both = f"{line.text} {other.text}"
        laid.append(Line("passage", line.message, line.letters + other.letters, both))
    names = ",".join(language.name for language in edition.languages)
    laid.append(Line("margin", "", Passage("", names).letters, names))
    return laid


def _keys(lines: Sequence[Line]) -> set[tuple[str, str, str]]:
    return {line.key for line in lines}


def _moved(now: Sequence[Line], before: Sequence[Line]) -> list[Line]:
    """List what does not stand where it did, or stands oftener or more seldom."""
    moved = [line for line, other in zip(now, before, strict=False) if line.key != other.key]
    return moved or [*now[len(before) :], *before[len(now) :]]


def _pages(
    library: Library, edition: Edition, language: Language
) -> list[tuple[SignedPage, tuple[Line, ...]]]:
    """List what clinicians saw of a leaflet in a language, here, the newest first."""
    record = signoff.load(library.roots.locales, file_of(language))
    here = library.clinic.site, edition.region.code
    approvals = (
        approval
        for approval in record.approval
        if (approval.leaflet, approval.role) == (edition.leaflet.slug, "clinician")
        and keys.judge(library, approval).problem is None
    )
    return [
        (page, _lines(record.item[digest] for digest in page.items))
        for approval in sorted(approvals, key=lambda approval: approval.on, reverse=True)
        for page in approval.page
        if (page.site, page.region) == here
    ]


def _lines(items: Iterable[Item]) -> tuple[Line, ...]:
    return tuple(
        Line(item.kind, item.id, Passage(item.id, text).letters, text)
        for item in items
        for text in item.source
    )


def _problems(
    strange: Sequence[Line], gone: Sequence[Line], moved: Sequence[Line]
) -> Iterator[Problem]:
    """Yield what was not signed and what is missing; without these, what stands elsewhere."""
    missing = list(gone)
    for line in strange:
        before = next((other for other in missing if _is_same(other, line)), None)
        if before is not None:
            missing.remove(before)
        yield _difference(line, before)
    for line in missing:
        named = Line("file", "", "", line.message) if line.kind == "file" else line
        yield _stated(named, "this was signed and is missing:")
    seen = [line for line in (*strange, *gone) if line.kind != "file"]
    elsewhere = [line for line in moved if line.kind != "file" or not (strange or gone)]
    if elsewhere and not seen:
        yield _stated(elsewhere[0], "this does not stand where it did when it was signed:")


def _is_same(line: Line, other: Line) -> bool:
    """Tell whether two lines are the same message or file, before and now; pictures are one."""
    if line.kind != other.kind or not line.message:
        return False
    return line.kind == "picture" or line.message == other.message


def _difference(line: Line, before: Line | None) -> Problem:
    if line.kind == "picture":
        return _stated(Line("", "", "", ""), "the pictures are not those that were signed.")
    if line.kind == "file":
        named = Line("file", "", "", line.message)
        return _stated(named, "this file of yours changed since the page was signed:")
    if before is not None:
        return _stated(line, f"signed was “{before.text}”, but now it says:")
    return _stated(line, "this was not signed:")


def _stated(line: Line, what: str) -> Problem:
    return PAGE_NOT_SIGNED.problem(
        where=line.message,
        message=what,
        text=line.text,
        hint="Look at the page; let the clinician sign it as it is, or undo the change.",
    )
