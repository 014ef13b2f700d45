"""A problem: something on a page, in a catalog or in the source that must not reach a patient."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """An error holds the edition back; a warning is printed and counted."""

    ERROR = "error"
    WARNING = "warning"


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One finding: its code, where it is, the text concerned, and what to do.

    `page` counts from 1; 0 means that the finding has no page. `where` is a file, or a message id.
    """

    code: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR
    leaflet: str = ""
    language: str = ""
    format: str = ""
    page: int = 0
    where: str = ""
    text: str = ""

    def place(self) -> str:
        """Name the place in the order a person looks for it."""
        page = f"page {self.page}" if self.page else ""
        parts = (self.leaflet, self.language, self.format, page, self.where)
        return ", ".join(part for part in parts if part)

    def sentence(self) -> str:
        """Write the problem as one line for a terminal or a log."""
        text = f" “{shorten(self.text)}”" if self.text else ""
        place = f"{self.place()}: " if self.place() else ""
        return f"{self.code} {place}{self.message}{text} {self.hint}"


def shorten(text: str, width: int = 70) -> str:
    """Cut a text to `width` characters, on one line, with an ellipsis if something is lost."""
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Keep the problems that hold an edition back."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


class Kind(msgspec.Struct, frozen=True):
    """What `leaflets explain` says about a code."""

    title: str
    why: str
    remedy: str


#: Every code that a check may yield. PAGE: the laid-out page. PDF: the file. TEXT: messages of a
#: catalog. READ and NUM: the English source. SAFE: warning signs. GOV: sign-off.
KINDS: dict[str, Kind] = {
    "PAGE-01": Kind(
        "A character has no glyph",
        "None of the fonts of this language can draw the character, so it would print as an empty "
        "box. A missing letter can change a word, and an empty box makes people doubt the rest.",
        "Look at the text named: a character pasted from elsewhere is the usual cause. If it is "
        "right, name a font that has it under the language in locales/languages.toml.",
    ),
    "PAGE-02": Kind(
        "A font that was not asked for",
        "The page was set in a font that the language does not list. What prints would depend on "
        "the machine, and letters of two fonts would stand in one word.",
        "Run `leaflets doctor`: a font of the language is probably missing.",
    ),
    "PAGE-03": Kind(
        "Text outside its box",
        "A word or line sticks out of the column or the page, so it may be cut off by the printer "
        "or printed over something else.",
        "Shorten the word or sentence named, or allow a line break in it.",
    ),
    "PAGE-04": Kind(
        "More pages than the leaflet may have",
        "A leaflet has a page budget per format, so that it prints on a known number of sheets and "
        "the warning signs stay where people learned to find them.",
        "Shorten the text of this language, or raise `pages` in the leaflet.toml on purpose.",
    ),
    "PAGE-05": Kind(
        "The typesetter gave a warning",
        "WeasyPrint reports what it cannot do (an unknown property, a picture it cannot read) only "
        "as a warning, and leaves that part out of the page. Here such a page is not printed.",
        "Correct what the warning names: the style sheet, the figure or the template.",
    ),
    "PAGE-06": Kind(
        "Text smaller than the format allows",
        "Older readers cannot read small print; each format has a smallest size.",
        "Raise the size in the style sheet, or the text that was squeezed.",
    ),
    "PAGE-07": Kind(
        "The emergency box is split or misplaced",
        "The warning signs must stand together, on the first or the last page, where they are "
        "found in seconds.",
        "Shorten the warning signs in this language, or the page before them.",
    ),
    "PAGE-08": Kind(
        "The draft mark is missing",
        "Nobody has signed this text off, and the page does not say so.",
        "The page template must print the mark on every page; restore it in base.html.",
    ),
    "PAGE-09": Kind(
        "Text printed over text",
        "Two pieces of text stand in the same place, so neither can be read: a label of a figure, "
        "or a time in the outer column, has no room in this language.",
        "Shorten one of the two.",
    ),
    "PDF-01": Kind(
        "Text in the file differs from the text composed",
        "What is printed, or what a screen reader or a search reads out of the PDF, is not what "
        "was composed.",
        "Look for an element that the style sheet hides, cuts off or moves. If there is none, "
        "report it with the text named.",
    ),
    "FILE-01": Kind(
        "A file cannot be used",
        "A template, a catalog or a setting has a fault, so that this edition cannot be printed. "
        "Editions that do not need the file are printed all the same.",
        "Correct the file at the line or key named.",
    ),
    "SOFT-01": Kind(
        "Leaflets itself failed",
        "Something happened that we did not foresee. The edition named was not printed; the file "
        "printed before, if any, is untouched.",
        "Report it with the words shown, and the command that you typed.",
    ),
    "TEXT-01": Kind(
        "A placeholder is missing, unknown or doubled",
        "A placeholder such as %(hours)s stands for a number or name. Without it the number does "
        "not reach the patient; a misspelt one cannot be filled.",
        "Copy the placeholders of the English sentence into the translation, each as often as "
        "there.",
    ),
    "TEXT-02": Kind(
        "A stray percent sign",
        "A percent sign starts a placeholder, so the letters after it would be swallowed. "
        "Percentages come in as facts.",
        "Remove the percent sign; if the English has a placeholder for the amount, use that.",
    ),
    "TEXT-03": Kind(
        "Markup that is lost, broken or not allowed",
        "Only <strong> and <br> may stand in a sentence, as often as in the English. Anything else "
        "could bring a script, a link or a picture into the page.",
        "Repair the tags named.",
    ),
    "TEXT-04": Kind(
        "Not translated",
        "The sentence has no translation, or only a fuzzy one that nobody confirmed. A draft "
        "prints the English, marked as English; a release does not print at all.",
        "Translate the message in the catalog named, and remove its fuzzy mark.",
    ),
    "TEXT-05": Kind(
        "Wrong plural forms",
        "The catalog's header, or the number of forms of a message, is not that of the language.",
        "Set the Plural-Forms header to the one given, and translate each form.",
    ),
    "TEXT-06": Kind(
        "A number that the English does not have",
        "Numbers reach a sentence only as placeholders; one typed by hand cannot be kept right.",
        "Remove the number, or use the placeholder.",
    ),
    "TEXT-07": Kind(
        "A character that must not be in a sentence",
        "Invisible characters and direction overrides can hide or reorder words and numbers.",
        "Delete the character named and type the place again.",
    ),
    "READ-01": Kind(
        "A sentence of more than 20 words",
        "Long sentences are the main reason why patients misread a leaflet (NHS service manual).",
        "Make two sentences of it.",
    ),
    "READ-02": Kind(
        "A paragraph of more than 3 sentences",
        "Short paragraphs are found again; long ones are skipped (NHS service manual).",
        "Split the paragraph, or make a list.",
    ),
    "NUM-01": Kind(
        "A number or percent sign typed in the English",
        "A number in prose has no source and must be copied by every translator.",
        "Put the number into facts.toml and use a placeholder.",
    ),
    "NUM-02": Kind(
        "A fact without a source",
        "A clinical number that nobody can trace cannot be checked.",
        "Name an entry of sources.toml in the fact's `source`.",
    ),
    "SAFE-01": Kind(
        "A warning sign is not translated",
        "Inside the emergency box there is no falling back to English: a person who cannot read it "
        "would not ring.",
        "Translate the warning sign named in the common catalog of the language.",
    ),
    "SAFE-02": Kind(
        "Warning signs differ from the source",
        "Every language must show the same warning signs in the same order.",
        "Let redflags.html print every id of the set, and nothing else.",
    ),
    "GOV-01": Kind(
        "Not signed off",
        "A release needs a translator, a reviser who is somebody else, and a clinician, who "
        "approved exactly this text (modelled on ISO 17100); English needs a clinician. Until "
        "then the leaflet prints only as a draft.",
        "Print drafts for the reviewers, and let each sign with `leaflets sign`.",
    ),
    "GOV-02": Kind(
        "Changed since it was signed off",
        "An approval holds for exactly the sentences, facts and terms that were on the leaflet. "
        "One of them is different now, so the approval is void.",
        "`leaflets status LEAFLET -l LANGUAGE` shows word by word what changed. Let the person "
        "named check it and sign again, or take the change back.",
    ),
    "GOV-03": Kind(
        "A sign-off past its date",
        "Whoever signed named a day by which the text must be checked again, and it is over.",
        "Check the leaflet again and sign anew with a later day.",
    ),
    "GOV-04": Kind(
        "A fact that nobody verified",
        "Each number on a release was compared with its source by a named person, for as long as "
        "neither the number nor the source changes.",
        "Open the source that facts.toml names, compare the number, and run `leaflets verify`.",
    ),
    "GOV-05": Kind(
        "Not translated, so not released",
        "A release never falls back to English.",
        "Translate the message, let it be revised, and sign.",
    ),
}
