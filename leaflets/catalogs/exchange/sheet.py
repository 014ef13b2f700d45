"""Reviewer's sheets: a table (CSV) for a spreadsheet, and a page (HTML) that saves such a table."""

import base64
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from markupsafe import Markup

from leaflets.catalogs.exchange.unit import Refusal, Returned, Unit
from leaflets.errors import InputError
from leaflets.library.languages import Language
from leaflets.library.sandbox import Sandbox

COLUMNS = (
    "language",
    "domain",
    "id",
    "source",
    "translation",
    "notes",
    "status",
    "correction",
)

#: What a spreadsheet would take for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GUARD = "'"


#: A correction that is so many times shorter than what it corrects is a remark, such as “OK”.
_TIMES_SHORTER = 6


class Document(msgspec.Struct, frozen=True):
    """A table that came back: its language, the domains in it, and the texts to take or refuse."""

    language: str
    domains: tuple[str, ...]
    returned: tuple[Returned | Refusal, ...]


def table(language: Language, units: Sequence[Unit]) -> bytes:
    """Write units as CSV, one row each, in UTF-8 with the mark that spreadsheets know it by."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for unit in units:
        cells = (
            language.tag,
            unit.domain,
            unit.id,
            unit.source,
            unit.target,
            "\n".join(unit.notes),
            unit.status,
            "",
        )
        writer.writerow([guarded(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would calculate."""
    return f"{_GUARD}{cell}" if cell.startswith((*_FORMULA, _GUARD)) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith(_GUARD) else cell


def read(path: Path, data: bytes) -> Document:
    """Read a table that came back; a filled correction counts, else the translation as it stands.

    Raises `InputError` with the line of a fault: another encoding, a column or a language that is
    missing, rows of two languages.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(path, "it is not UTF-8; save it as “CSV UTF-8”.") from None
    rows = _rows(path, text)
    languages = dict.fromkeys(row["language"] for row in rows)
    if len(languages) != 1:
        raise InputError(path, "its rows are not of one language; export one language at a time.")
    return Document(
        next(iter(languages)),
        tuple(dict.fromkeys(row["domain"] for row in rows)),
        tuple(map(_returned, rows)),
    )


def _returned(row: Mapping[str, str]) -> Returned | Refusal:
    correction, before = row["correction"].strip(), row["translation"]
    if correction and len(correction) * _TIMES_SHORTER < len(before):
        return Refusal(
            f"{row['domain']}, {row['id']}",
            f"“{correction}” is no translation of its English, but a remark; leave the correction"
            " empty, or write all of it.",
        )
    return Returned(
        domain=row["domain"], id=row["id"], source=row["source"], target=correction or before
    )


def _rows(path: Path, text: str) -> list[dict[str, str]]:
    first = text.partition("\n")[0]
    # A spreadsheet set to a language with decimal commas writes semicolons.
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        head, *rows = [row for row in reader if any(row)]
    except (csv.Error, ValueError) as error:
        reason = str(error) if isinstance(error, csv.Error) else "it is empty"
        raise InputError(path, f"it is not a table ({reason}); export again.") from None
    if missing := [name for name in COLUMNS if name not in head]:
        raise InputError(path, f"the column “{missing[0]}” is missing; export again.", at="line 1")
    named = []
    for number, row in enumerate(rows, 2):
        if len(row) != len(head):
            raise InputError(
                path,
                f"it has {len(row)} cells, not {len(head)}; export again.",
                at=f"row {number}",
            )
        named.append({name: _unguarded(cell) for name, cell in zip(head, row, strict=True)})
    return named


class Row(msgspec.Struct, frozen=True):
    """A unit as the page shows it, with the picture of its place as a data URI, or none."""

    unit: Unit
    picture: str


def page(
    language: Language,
    units: Sequence[Unit],
    pictures: Mapping[str, bytes],
    templates: Sequence[Path],
) -> bytes:
    """Write units as one page of HTML that needs nothing else, by `templates/review/sheet.html`.

    `pictures` maps the id of a message to a PNG of its place.
    """
    html = (
        Sandbox(templates)
        .get_template("review/sheet.html")
        .render(language=language, rows=list(_shown(units, pictures)), columns=COLUMNS)
    )
    return html.encode()


def _shown(units: Sequence[Unit], pictures: Mapping[str, bytes]) -> Iterator[Row]:
    seen: set[str] = set()
    for unit in units:
        picture = pictures.get(unit.message.id) if unit.message.id not in seen else None
        seen.add(unit.message.id)
        encoded = base64.b64encode(picture).decode() if picture else ""
        yield Row(unit, Markup("data:image/png;base64,{}").format(encoded) if encoded else "")
