"""A problem: something on a page, in a catalog or in the source that must not reach a patient."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Required, TypedDict, Unpack

import msgspec
from msgspec import Meta


class Severity(StrEnum):
    """An error holds the edition back; a warning is printed and counted."""

    ERROR = "error"
    WARNING = "warning"


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One finding: its code, where it is, the text concerned, and what to do.

    Made by its `Code` alone, so that no code is written that nobody explains.

    `site` is one of several sites of a clinic folder. `page` counts from 1; 0 means that the
    finding has no page. `where` is a file, or a message id.
    `digest` is that of a text with its translation, by which the finding can be accepted.
    `grave` is True if no draft is ever printed over it.
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
    digest: str = ""
    grave: bool = False
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


class Details(TypedDict, total=False):
    """What is said of a problem beside its code; see `Problem`."""

    message: Required[str]
    hint: Required[str]
    site: str
    leaflet: str
    language: str
    format: str
    page: int
    where: str
    text: str
    file: str
    line: int


class Code(msgspec.Struct, frozen=True):
    """What a check can find, stated once, beside the check: `leaflets explain` says the same.

    `why` says what it does to a patient, and `remedy` what to do. A warning may be an error where
    somebody could be harmed, which `error_where` names. Over one that is `grave` no draft is ever
    printed, not even a draft with errors.
    """

    id: Annotated[str, Meta(pattern=r"\A[A-Z]+-[0-9]{2}\Z")]
    title: str
    why: str
    remedy: str
    severity: Severity = Severity.ERROR
    error_where: str = ""
    grave: bool = False

    def problem(self, *, is_grave: bool = False, **details: Unpack[Details]) -> Problem:
        """State a problem of this code; a grave one stands in a place that `error_where` names."""
        if is_grave and not self.error_where:
            raise ValueError(f"{self.id} is as severe everywhere")
        severity = Severity.ERROR if is_grave else self.severity
        return Problem(code=self.id, severity=severity, grave=self.grave or is_grave, **details)
