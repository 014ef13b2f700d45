"""Reading: all that a patient sees of an edition, in its order, as plain values.

Two editions that say and show the same have the same reading, whatever their format: what differs
from one release to the next though nobody writes it (its code, its dates, the numbers of pages) is
left out.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from leaflets.render import html_tree
from leaflets.render.layout import Layout, Run

#: What stands in a reading for a stamp, and for a number that the typesetter makes.
STAMP, NUMBER = "…", "#"


class Passage(msgspec.Struct, frozen=True):
    """A text as it stands on a page, and the message that it is part of, empty if of none."""

    message: str
    text: str

    @property
    def letters(self) -> str:
        """Return what is compared: the text without spaces and characters that are not seen."""
        return "".join(
            char for char in self.text if not char.isspace() and unicodedata.category(char) != "Cf"
        )


#: A text that the program makes whole, such as the names of the languages that a clinic prints.
_ONLY_A_STAMP = Passage("", STAMP)


class Stamps(msgspec.Struct, frozen=True):
    """What the program puts on an edition: its code and dates as they are printed, and drawings."""

    texts: tuple[str, ...]
    drawings: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """What is read and seen: passages in their order, those of heads and feet once, and drawings.

    `drawings` are digests of what pictures are drawn of, in the order in which they are drawn.
    `files` are templates, styles, pictures and settings of the clinic's own, each by its name and
    digest: they can change how a page looks in ways that no reading of it tells. Of an edition in
    two languages, `nested` says of each which messages hold others, and `heads` which stand in the
    heads of its tables; see `nested_in` and `heads_in`.
    """

    passages: tuple[Passage, ...]
    margins: tuple[Passage, ...]
    drawings: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()
    nested: tuple[tuple[tuple[str, ...], ...], ...] = ()
    heads: tuple[tuple[str, ...], ...] = ()


def nested_in(html: str) -> tuple[tuple[str, ...], ...]:
    """List each message of a traced page that holds others, such as the name of a medicine.

    First its own id, then those of the passages that it is read as, in their order, without what a
    second language adds below it.
    """
    found: dict[int, list[str]] = {}
    for words, above in html_tree.texts(html_tree.parse(html)):
        holders = [element for element in above if element.message]
        if words.strip() and holders and not any(".second" in one.names for one in above):
            found.setdefault(id(holders[0]), [holders[0].message]).append(holders[-1].message)
    groups = ((own[0], *(key for key, _ in groupby(own[1:]))) for own in found.values())
    return tuple(dict.fromkeys(one for one in groups if {*one} != {one[0]}))


def heads_in(html: str) -> tuple[tuple[str, ...], ...]:
    """List the messages in the head of each table of a traced page, which a new page repeats."""
    found: dict[int, list[str]] = {}
    for words, above in html_tree.texts(html_tree.parse(html)):
        head = next((element for element in above if element.tag == "thead"), None)
        if head is not None and words.strip():
            message = next((element.message for element in above if element.message), "")
            found.setdefault(id(head), []).append(message)
    groups = (tuple(key for key, _ in groupby(messages)) for messages in found.values())
    return tuple(dict.fromkeys(one for one in groups if all(one)))


def of_pages(layout: Layout, drawings: Sequence[str], stamps: Stamps) -> Reading:
    """Read an edition on pages; that the file shows what the layout says is checked elsewhere."""
    runs = [run for page in layout.pages for run in page.runs]
    margins = {
        passage
        for page in layout.pages
        for passage in _of_margins([run for run in page.runs if run.margin], stamps)
    }
    return Reading(
        passages=tuple(_passages((run for run in runs if not run.margin), stamps)),
        margins=tuple(sorted(margins, key=lambda passage: (passage.message, passage.letters))),
        drawings=tuple(
            drawing for drawing in drawings if not drawing.startswith(stamps.drawings or "\0")
        ),
    )


def of_text(texts: Iterable[str], drawings: Iterable[str], stamps: Stamps) -> Reading:
    """Read an edition without pages: its texts, and digests of what decides how they are seen."""
    passages = (Passage("", _unstamped(text, stamps)) for text in texts if text.strip())
    written = (passage for passage in passages if passage != _ONLY_A_STAMP)
    return Reading(tuple(written), (), tuple(drawings))


def _passages(runs: Iterable[Run], stamps: Stamps) -> Iterator[Passage]:
    """Join the runs of a message, or of a block without one; what is printed twice at once is one.

    A heading may be printed again on the page after.
    """
    last = None
    for (message, _), group in groupby(
        runs, key=lambda run: (run.message, None if run.message else run.box)
    ):
        passage = Passage(message, _unstamped(_joined(group), stamps))
        if passage not in {last, _ONLY_A_STAMP} and passage.letters:
            yield passage
            last = passage


def _of_margins(runs: Sequence[Run], stamps: Stamps) -> Iterator[Passage]:
    """Read heads and feet: a message as one, and all else run by run, for rows differ."""
    yield from _passages((run for run in runs if run.message), stamps)
    for run in runs:
        if not run.message:
            yield from _passages([run], stamps)


def _joined(runs: Iterable[Run]) -> str:
    texts = (re.sub(r"\d+", NUMBER, run.text) if run.generated else run.text for run in runs)
    return " ".join(" ".join(texts).replace("\u200b", "").split())


def _unstamped(text: str, stamps: Stamps) -> str:
    for stamp in stamps.texts:
        text = text.replace(stamp, STAMP)
    return text
