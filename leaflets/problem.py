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

    `site` is one of several sites of a clinic folder. `page` counts from 1; 0 means that the
    finding has no page. `where` is a file, or a message id.
    `file` is the file to open, from the folder that holds `templates` and `locales` (the clinic's
    or the library's), and `line` counts from 1; 0 means that no line is known.
    """

    code: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR
    site: str = ""
    leaflet: str = ""
    language: str = ""
    format: str = ""
    page: int = 0
    where: str = ""
    text: str = ""
    file: str = ""
    line: int = 0

    def place(self) -> str:
        """Name the place in the order a person looks for it."""
        page = f"page {self.page}" if self.page else ""
        parts = (self.site, self.leaflet, self.language, self.format, page, self.where)
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
    """What `leaflets explain` says about a code; and how severe it is, if nothing raises it."""

    title: str
    why: str
    remedy: str
    severity: Severity = Severity.ERROR


#: Every code that a check may yield. PAGE: the laid-out page. PDF: the file. HOLD (placeholders),
#: MARK (markup), NUM (numbers), NEG (negation), LANG (language and script), CHAR (characters), PUNC
#: (punctuation), WORD (safety words), TERM (glossary), FORM (the form of a catalog), TRAN
#: (translated or not): messages of a catalog. READ, RISK, NUM-01, NUM-02 and NUM-09: the English
#: source. SAFE: warning signs. GOV: sign-off.
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
    "PAGE-10": Kind(
        "A text cannot be seen in its place",
        "Read back from the finished file, a text is drawn elsewhere than it was laid out, is "
        "covered, cut off, transparent or as pale as the paper, or a text is drawn that was never "
        "laid out. The reader would miss it, or read what nobody wrote.",
        "Look for the rule of the style sheet that hides, covers, moves or adds it. If there is "
        "none, report it with the text named.",
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
    "SOFT-02": Kind(
        "An edition took too long, or too much memory",
        "It was stopped, so that it does not hold up the others. It was not printed; the file "
        "printed before, if any, is untouched.",
        "Look for a picture or a table that is huge; `leaflets build` can allow more, with "
        "--time-limit and --memory-limit.",
    ),
    "HOLD-01": Kind(
        "A placeholder is missing",
        "A placeholder such as %(hours)s stands for a number or a name. Without it, the number "
        "does not reach the patient.",
        "Copy the placeholder from the English sentence into the translation.",
    ),
    "HOLD-02": Kind(
        "A placeholder that the English does not have",
        "A misspelt or invented placeholder cannot be filled, so the sentence cannot be printed.",
        "Write the name between %( and )s exactly as in the English; it is never translated.",
    ),
    "HOLD-03": Kind(
        "A placeholder stands too often or too seldom",
        "A number said twice, or once instead of twice, changes what the sentence says.",
        "Use the placeholder as often as the English does.",
    ),
    "HOLD-04": Kind(
        "A placeholder is missing from one plural form",
        "The forms are for different numbers of one sentence; a range such as 1–2 is printed in "
        "one of them too. The form without the placeholder would print no number.",
        "Put the placeholder into each form, also into that for one.",
    ),
    "HOLD-05": Kind(
        "A stray percent sign",
        "A percent sign starts a placeholder, so the letters after it would be swallowed. "
        "Percentages come in as facts.",
        "Remove the percent sign; if the English has a placeholder for the amount, use that.",
    ),
    "MARK-01": Kind(
        "Bold type or a line break is lost or added",
        "<strong> marks what a patient must not miss, and <br> ends a line. They stand in a "
        "translation as often as in the English.",
        "Put <strong> and </strong> round the same words as in the English, and no others.",
    ),
    "MARK-02": Kind(
        "Bold type is not closed",
        "What follows an open <strong> would all be bold, and the page might not be built.",
        "Write <strong> before the words and </strong> after them.",
    ),
    "MARK-03": Kind(
        "Markup that is not allowed",
        "Only <strong> and <br> may stand in a sentence, without anything inside the tag, and only "
        "&amp;, &lt; and &gt; for the signs. Anything else could bring a script, a link, a "
        "picture or a hidden character into the page.",
        "Remove it; write the character itself.",
    ),
    "MARK-04": Kind(
        "An ampersand that stands alone",
        "In a page of HTML an ampersand starts the name of a character.",
        "Write &amp; or, better, the word for “and”.",
    ),
    "NUM-03": Kind(
        "A number that the English does not have",
        "Numbers reach a sentence only as placeholders; one typed by hand cannot be kept right.",
        "Remove the number, or use the placeholder.",
    ),
    "NUM-04": Kind(
        "A number or dose was changed or lost",
        "The translation would tell patients another number than the English.",
        "Write the number of the English, with the decimal sign of your language.",
    ),
    "NUM-05": Kind(
        "Numbers are swapped",
        "The right numbers in the wrong order mean something else: a range that falls, or the "
        "number of one unit beside another.",
        "Put each number where the English has it: the lower end of a range first.",
    ),
    "NUM-06": Kind(
        "A unit was changed",
        "The number is right and its unit is not: 5 mg and 5 g, or 24 hours and 24 days, differ by "
        "far.",
        "Write the unit of the English, in your language.",
    ),
    "NUM-07": Kind(
        "A telephone number was changed or typed",
        "Telephone numbers differ from clinic to clinic and country to country, and come in as "
        "placeholders. A typed one leads people astray.",
        "Use the placeholder; if the English has the number itself, copy it digit by digit.",
    ),
    "NUM-08": Kind(
        "A web or e-mail address was changed or typed",
        "Addresses come from the library, where the day of the last look is noted. A typed one may "
        "lead to somebody else.",
        "Remove the address, or copy it letter by letter if the English has it.",
    ),
    "NEG-01": Kind(
        "A negation seems to be lost",
        "The English says not, never, no or without, and no such word was found in the "
        "translation. A lost “not” turns a warning into its opposite. It is an error in warning "
        "signs and messages about medicines, and a warning elsewhere. The check knows "
        "usual words only: finding one does not prove that the sentence is right.",
        "Read both sentences again. Say it with a negation where the English does.",
        Severity.WARNING,
    ),
    "LANG-01": Kind(
        "The translation is the English",
        "The English was copied, so it would be printed as if it were translated. It is an error "
        "in warning signs and in messages about medicines.",
        "Translate it. A name that stays as it is belongs into the glossary, with "
        "do_not_translate = true.",
        Severity.WARNING,
    ),
    "LANG-02": Kind(
        "Part of the text is still English",
        "Some words of the English were left in the translation. It is an error in warning signs, "
        "and in messages about medicines.",
        "Translate them. A name that stays as it is belongs into the glossary, with "
        "do_not_translate = true.",
        Severity.WARNING,
    ),
    "LANG-03": Kind(
        "Letters of two scripts in one word",
        "Some letters of different scripts look alike, such as Latin a and Cyrillic а. A mixed "
        "word is not found by a search, and is read aloud wrongly.",
        "Type the word again with one keyboard.",
        Severity.WARNING,
    ),
    "CHAR-01": Kind(
        "An invisible or forbidden character",
        "It cannot be seen, and can break a word, a search, the reading aloud or the order of a "
        "line. It usually comes along when text is pasted. Where lines may break is worked out by "
        "the program; pages are never hyphenated.",
        "Delete the character named and type the place again.",
    ),
    "CHAR-02": Kind(
        "A character that turns the direction of the text",
        "Embeddings and overrides reorder what stands after them: 12 can be shown as 21.",
        "Delete it. The page sets the direction of numbers and names by itself.",
    ),
    "CHAR-03": Kind(
        "Letters that are not in Unicode normal form C",
        "A letter and its accent were stored as two characters. It looks right and is not found by "
        "a search, and some fonts draw it badly.",
        "Type the word again; most editors can also normalise to NFC.",
    ),
    "CHAR-04": Kind(
        "A control character",
        "Tabs, line breaks and other control characters have no place in a sentence.",
        "Delete it; write a space.",
    ),
    "PUNC-01": Kind(
        "Brackets without their partner",
        "A bracket is open and not closed, or closed and not open.",
        "Add the missing bracket, or remove the other.",
        Severity.WARNING,
    ),
    "PUNC-02": Kind(
        "Quotation marks without their partner, or of another language",
        "Quotation marks come in pairs, and each language has its own.",
        "Use the pair that is given, one before and one after the words.",
        Severity.WARNING,
    ),
    "PUNC-03": Kind(
        "Another mark at the end",
        "The English ends with a full stop, a question mark, an exclamation mark or a colon, or "
        "with none, and the translation does otherwise. A heading with a full stop, or a sentence "
        "without one, looks unfinished and is read aloud wrongly.",
        "End as the English does, with the mark of your language.",
        Severity.WARNING,
    ),
    "PUNC-04": Kind(
        "An opening question or exclamation mark is missing",
        "In Spanish and some other languages a question or exclamation has a mark at both ends.",
        "Put ¿ or ¡ where the question or exclamation begins.",
        Severity.WARNING,
    ),
    "PUNC-05": Kind(
        "The space before or after a mark",
        "French sets a no-break space before ; : ! ? » and after «, so that the mark never starts "
        "a line. Other languages have no space before such marks.",
        "In French, type a no-break space (U+00A0 or U+202F); elsewhere remove the space.",
        Severity.WARNING,
    ),
    "PUNC-06": Kind(
        "A space at the beginning or the end",
        "It shifts the text on the page.",
        "Remove the space.",
        Severity.WARNING,
    ),
    "PUNC-07": Kind(
        "Two spaces in a row",
        "They are usually a slip of the finger.",
        "Leave one space.",
        Severity.WARNING,
    ),
    "PUNC-08": Kind(
        "A word stands twice in a row",
        "It is usually left over from a change.",
        "Remove one of the two.",
        Severity.WARNING,
    ),
    "WORD-01": Kind(
        "A safety word seems to be lost",
        "The English says a word on which safety hangs, such as before, less, a part of the body "
        "or the name of a medicine, and no word that the language has for it was found. It is an "
        "error in warning signs and messages about medicines, and a warning elsewhere. A "
        "language without a file of safety words is not looked at.",
        "Read both sentences again. If the translation is right, add its word to "
        "locales/<language>/safety.toml.",
        Severity.WARNING,
    ),
    "WORD-02": Kind(
        "Another safety word stands in its place",
        "The translation says after where the English says before, or names another medicine, "
        "another part of the body, another time of day. It is an error in warning signs and "
        "messages about medicines, and a warning elsewhere.",
        "Read both sentences again. If the translation is right, write the phrase that misleads "
        "the check under `idioms` of that word in locales/<language>/safety.toml.",
        Severity.WARNING,
    ),
    "TERM-01": Kind(
        "The term of the glossary is not used",
        "One thing has one name through all leaflets; two names make readers think of two things.",
        "Use the preferred term. If another word is right too, add it to the glossary: `allowed`, "
        "or its beginning to `stems`.",
        Severity.WARNING,
    ),
    "TERM-02": Kind(
        "A word that the glossary forbids",
        "The glossary says why: the word means something else, or frightens or offends.",
        "Use the preferred term.",
    ),
    "TERM-03": Kind(
        "A name that must stay as it is was changed",
        "The patient needs this name to find the test, the tool or the medicine again.",
        "Copy the name from the English, letter by letter.",
    ),
    "FORM-01": Kind(
        "The wrong number of plural forms",
        "A language has a fixed number of plural forms. With one missing, some numbers would be "
        "printed in English; with one too many, a form is never used.",
        "Correct the Plural-Forms header first; your editor then offers the right forms.",
    ),
    "FORM-02": Kind(
        "The Plural-Forms header is wrong",
        "It decides which form goes with which number; a wrong one prints the wrong form.",
        "Write the header that is given.",
    ),
    "FORM-03": Kind(
        "Another line of the catalog's header is wrong",
        "Language, MIME-Version, Content-Type and Content-Transfer-Encoding tell editors how to "
        "read the file. With a wrong charset, an editor would save damaged letters.",
        "Write the line that is given.",
        Severity.WARNING,
    ),
    "FORM-04": Kind(
        "The file is not as gettext writes it",
        "Editors and tools wrap and order a file in their own ways. If all files are kept as "
        "`msgcat --no-wrap` writes them, a change shows only what was changed.",
        "Run `leaflets translate update`, which rewrites the file and keeps every word.",
        Severity.WARNING,
    ),
    "TRAN-01": Kind(
        "Not translated",
        "The sentence has no translation that may be printed. A draft prints the English, marked "
        "as English; a release does not print at all.",
        "Translate the message in the catalog named.",
        Severity.WARNING,
    ),
    "TRAN-02": Kind(
        "Fuzzy: the English was changed since",
        "The translation belongs to an older English sentence, which may have meant the opposite. "
        "It is never printed.",
        "Compare it with the new English, correct it, and remove its fuzzy mark.",
        Severity.WARNING,
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
    "READ-03": Kind(
        "The leaflet as a whole is hard to read",
        "Its Flesch-Kincaid grade is above 6, the reading age of 11 to 12 that health services aim "
        "at. The grade is indicative: it counts the length of words and sentences and knows "
        "nothing of meaning.",
        "Use shorter words and sentences, first where a word of many syllables has a plain one.",
        Severity.WARNING,
    ),
    "READ-04": Kind(
        "A hard word before it is explained",
        "templates/jargon.toml lists words that many patients do not know. In each leaflet they "
        "are explained where they come first, or in its part “Words explained”.",
        "Explain the word at its first use, in brackets, or write a plain word.",
        Severity.WARNING,
    ),
    "RISK-01": Kind(
        "A risk in words, without a number",
        "Patients hear very different numbers in “rare” or “common”; most think that risks are far "
        "higher than they are.",
        "Give the number as a fact (… of 1,000 people), or say that it is not known.",
        Severity.WARNING,
    ),
    "RISK-02": Kind(
        "Risks counted in different numbers of people",
        "1 in 100 looks larger than 20 in 1,000 to many readers. In one leaflet all risks are "
        "counted in the same number of people.",
        "Give the facts named the same `per` in facts.toml.",
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
    "NUM-09": Kind(
        "A placeholder that is not explained to translators",
        "Who does not know whether %(days)s is a number, a range or a name cannot build a "
        "sentence round it.",
        "Write {# L10N: days = what it holds, for example 3–7. #} on the line before.",
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
    "GOV-06": Kind(
        "Recalled",
        "Somebody of the clinic recalled exactly this edition, because something on it is wrong. "
        "It is not printed again, and its file is taken out of the output folder.",
        "recalls.toml says why. Change what is wrong; the edition then has another code. If the "
        "recall itself was a mistake, delete its entry.",
    ),
}
