"""Check that the text composed, the text laid out, and the text in the file are the same."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from leaflets.library.languages import Language
from leaflets.library.parts import Parts, Role
from leaflets.problem import Code, Problem
from leaflets.render import html_tree
from leaflets.render.ink import NO_MARK, InkedPage
from leaflets.render.layout import RIGHT_TO_LEFT, Layout, Page

TEXT_DIFFERS = Code(
    "PDF-01",
    title="Text in the file differs from the text composed",
    why="What is printed, or what a screen reader or a search reads out of the PDF, is not what "
    "was composed.",
    remedy="Look for an element that the style sheet hides, cuts off or moves. If there is none, "
    "report it with the text named.",
)

#: White space, and marks that steer direction, joining or breaking without being letters: the last
#: two are a soft hyphen, and the hyphen that is printed where a line is broken at one.
_UNSEEN = re.compile("[\\s\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u00ad\u2010]+")
#: What PDFium mirrors where it turns words round: brackets, and quotation marks like them.
_MIRRORED = re.compile(r"[()\[\]{}<>«»‹›“”‘’]")


def plain(text: str) -> str:
    """Reduce a text to what must be equal: compatible forms, no white space, no direction marks."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


class Text(msgspec.Struct, frozen=True):
    """A text node of a page of HTML; `repeated` if it stands in the head or foot of every page."""

    words: str
    repeated: bool


def texts_of(html: str, parts: Parts) -> Sequence[Text]:
    """List the text nodes of a page of HTML, in reading order."""
    return [
        Text(words.strip(), any(parts.have(Role.EVERY_PAGE, outer.names) for outer in above))
        for words, above in html_tree.texts(html_tree.parse(html))
        if plain(words)
    ]


def words_of(html: str) -> Sequence[str]:
    """List the words of each text node of a page of HTML, in reading order."""
    texts = (words for words, _ in html_tree.texts(html_tree.parse(html)))
    return [words.strip() for words in texts if plain(words)]


def check_laid_out(html: str, pages: Layout, parts: Parts) -> Iterator[Problem]:
    """Yield a problem for each text that was composed and stands on no page, or out of order."""
    runs = [run for page in pages.pages for run in page.runs if not run.generated]
    flow = plain("".join(run.text for run in runs if not run.margin))
    repeated = plain("".join(run.text for run in runs if run.margin))
    position = 0
    for text in texts_of(html, parts):
        wanted = plain(text.words)
        found = repeated.find(wanted) if text.repeated else flow.find(wanted, position)
        if found < 0:
            yield TEXT_DIFFERS.problem(
                message="a text of the leaflet is not on its pages, or not in its place:",
                text=text.words,
                hint="Look for an element that the style sheet hides or moves.",
            )
        elif not text.repeated:
            position = found + len(wanted)


def check_written(html: str, words: str) -> Iterator[Problem]:
    """Yield a problem for each text that was composed and is not written, or out of order."""
    flow, position = plain(words), 0
    for text in words_of(html):
        wanted = plain(text)
        found = flow.find(wanted, position)
        if found < 0:
            yield TEXT_DIFFERS.problem(
                message="a text of the leaflet is not in the file, or not in its place:",
                text=text,
                hint="Report it.",
            )
        else:
            position = found + len(wanted)


def check_file(
    inked: Sequence[InkedPage], layout: Layout, languages: Sequence[Language]
) -> Iterator[Problem]:
    """Yield a problem for each run that a reader of the PDF would find changed, or not at all.

    PDFium puts the words of a page that reads from the right in an order of its own. There the
    letters of each run are compared whatever their order, and the order in the tag tree. Where the
    letters of a script share glyphs, the tag tree alone holds them, and is compared.
    """
    if len(inked) != len(layout.pages):
        yield TEXT_DIFFERS.problem(
            message=f"the file has {len(inked)} pages, not {len(layout.pages)} as laid out.",
            hint="Report it.",
        )
        return
    for number, (page, ink) in enumerate(zip(layout.pages, inked, strict=True), 1):
        for text in _lost(ink, page, languages):
            yield TEXT_DIFFERS.problem(
                page=number,
                message="a reader of the file does not find",
                text=text,
                hint="Report it.",
            )


def _lost(ink: InkedPage, wanted: Page, languages: Sequence[Language]) -> Iterator[str]:
    """Yield the runs of a laid-out page that its file does not have."""
    right_to_left = any(language.direction == "rtl" for language in languages)
    reduced = letters if right_to_left else plain
    marked, artifacts = _texts_in(ink)
    content = [run.text for run in wanted.runs if not run.margin]
    drawn = [text for text in content if _is_drawn(text, languages)]
    yield from _uncounted(drawn, Counter(map(reduced, marked)), reduced)
    if right_to_left:
        stated = Counter(map(plain, ink.stated))
        yield from _uncounted(
            [text for text in content if RIGHT_TO_LEFT.search(text)], stated, plain
        )
    unseen = Counter("".join(map(letters, artifacts)))
    for run in wanted.runs:
        missing = run.margin and Counter(letters(run.text)) - unseen
        if missing and _is_drawn(run.text, languages):
            yield run.text


def _is_drawn(text: str, languages: Sequence[Language]) -> bool:
    """Tell whether the glyphs of a run, and not only its tag, say which letters they are."""
    shared = any(language.extraction == "tags" for language in languages)
    return not shared or not RIGHT_TO_LEFT.search(text)


def _uncounted(
    texts: Sequence[str], found: Counter[str], reduced: Callable[[str], str]
) -> Iterator[str]:
    """Yield the texts that were not found, or not as often."""
    for text in texts:
        if not found[reduced(text)]:
            yield text
        found[reduced(text)] -= 1


def letters(text: str) -> str:
    """Sort the letters of a text; what is mirrored from right to left counts as one."""
    return "".join(sorted(_MIRRORED.sub("(", plain(text))))


def _texts_in(ink: InkedPage) -> tuple[Sequence[str], Sequence[str]]:
    """Read a page as PDFium decodes it: the text of each marked run, and those of artifacts."""
    marked: dict[int, list[str]] = {}
    for word in ink.words:
        marked.setdefault(word.mark, []).append(word.text)
    artifacts = marked.pop(NO_MARK, [])
    return [joined(parts) for parts in marked.values()], artifacts


def joined(parts: Sequence[str]) -> str:
    """Join the pieces of a run; PDFium repeats the stated text for each piece that was drawn."""
    once = {words: part for part in parts if (words := plain(part))}
    return next(iter(once.values())) if len(once) == 1 else "".join(parts)
