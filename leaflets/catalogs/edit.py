"""Edit the text of a PO file: new target text for some messages, and no other byte changed."""

import re
from collections.abc import Iterator, Mapping, Sequence

import polib

from leaflets.errors import RequestError

#: What a message cannot hold: control characters other than tab and newline, and line separators,
#: at which PO readers end a line; and halves of surrogate pairs, which are not text.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_FUZZY = "fuzzy"


def edited(text: str, changes: Mapping[tuple[str, str], Sequence[str]]) -> str:
    """Put new target text into the entries of a PO file, and confirm them.

    `text` is the whole file. `changes` maps (msgctxt, msgid) to the forms: one, or one per plural
    form. Only the msgstr lines of these entries are replaced, laid out as `msgcat --no-wrap` does;
    their fuzzy flag and previous text (`#|`) go, for whoever edits a sentence confirms it.
    Raises `RequestError` for a message that the file does not have, forms that do not fit it, and
    characters that a PO file cannot hold; `OSError` or `ValueError`, of polib, for a text that is
    not a PO file.
    """
    entries = _entries(text)
    lines = text.split("\n")
    found = []
    for key, forms in changes.items():
        entry = entries.get(key)
        if entry is None:
            raise RequestError(
                f"The catalog has no message “{key[0]}” with the text “{key[1]}”;"
                " run `leaflets translate update` first."
            )
        _check(entry, forms)
        found.append((entry, forms))
    # From the end, so that the places of the entries before stay right.
    for entry, forms in sorted(found, key=lambda one: one[0].linenum, reverse=True):
        start, target, end = _place(lines, entry.linenum)
        # The ends of lines stay those of the file, and a file without a last one stays so.
        inner, last = _return(lines[target - 1]), _return(lines[end - 1])
        written = f"{inner}\n".join(_target_lines(entry, forms)) + last
        lines[start:end] = [*_confirmed(lines[start:target]), written]
    after = "\n".join(lines)
    _check_read_back(after, changes)
    return after


def _entries(text: str) -> dict[tuple[str, str], polib.POEntry]:
    return {
        (entry.msgctxt or "", entry.msgid): entry
        for entry in polib.pofile(text, check_for_duplicates=True)
        if not entry.obsolete
    }


def _check_read_back(text: str, changes: Mapping[tuple[str, str], Sequence[str]]) -> None:
    """Refuse a file in which the lines of an entry are mixed with others: the text went astray."""
    entries = _entries(text)
    for key, forms in changes.items():
        entry = entries[key]
        found = entry.msgstr_plural if entry.msgid_plural else {0: entry.msgstr}
        if any(found.get(index) != form for index, form in enumerate(forms)):
            raise RequestError(
                f"The lines of “{key[0]}” are not in the order of a PO file;"
                " run `leaflets translate update` first."
            )


def _check(entry: polib.POEntry, forms: Sequence[str]) -> None:
    if not forms or (len(forms) > 1 and not entry.msgid_plural):
        raise RequestError(
            f"The message “{entry.msgctxt}” cannot have {len(forms)} forms; give one."
        )
    for form in forms:
        if found := _UNWRITABLE.search(form):
            raise RequestError(
                f"The translation of “{entry.msgctxt}” holds U+{ord(found[0]):04X}, which no"
                " catalog can hold; take it out."
            )


def _place(lines: Sequence[str], number: int) -> tuple[int, int, int]:
    """Find where an entry begins, where its msgstr lines begin, and where they end.

    `number` is the line at which polib saw the entry begin, counted from 1.
    """
    start = max(number - 1, 0)
    target = start
    while not lines[target].lstrip().startswith("msgstr"):
        target += 1
    end = target + 1
    while end < len(lines) and lines[end].lstrip().startswith(('"', "msgstr")):
        end += 1
    return start, target, end


def _return(line: str) -> str:
    """Return the carriage return that a line of a file from Windows ends with."""
    return "\r" if line.endswith("\r") else ""


def _confirmed(head: Sequence[str]) -> Iterator[str]:
    """Yield the lines above the msgstr without previous text and fuzzy flag."""
    for line in head:
        bare = line.strip()
        if bare.startswith("#|"):
            continue
        if bare.startswith("#,"):
            flags = [flag.strip() for flag in bare.removeprefix("#,").split(",")]
            if _FUZZY in flags:
                kept = ", ".join(flag for flag in flags if flag != _FUZZY)
                if kept:
                    yield f"#, {kept}{_return(line)}"
                continue
        yield line


def _target_lines(entry: polib.POEntry, forms: Sequence[str]) -> Iterator[str]:
    for index, form in enumerate(forms):
        keyword = f"msgstr[{index}]" if entry.msgid_plural else "msgstr"
        # One line of the file for each line of the text; then the first is left empty.
        pieces = re.findall(r"[^\n]*\n|[^\n]+", form) or [""]
        if len(pieces) > 1:
            pieces = ["", *pieces]
        first, *rest = (f'"{polib.escape(piece)}"' for piece in pieces)
        yield f"{keyword} {first}"
        yield from rest
