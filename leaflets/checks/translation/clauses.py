"""Clauses: what a sentence lists or adds must not be left out by who says it with other words."""

import re
from collections.abc import Iterator

from leaflets.catalogs.integrity import Fault
from leaflets.checks.translation.pair import Pair
from leaflets.problem import Code, Severity

PART_LEFT_OUT = Code(
    "WORD-04",
    title="A part of our sentence seems to be left out",
    why="A clinic says a sentence of ours with its own words, and they are shorter and have fewer "
    "parts: a sign to watch for, or a sentence, may be missing.",
    remedy="Read both again. If nothing is missing that a patient needs, accept it with "
    "`leaflets accept`.",
    severity=Severity.WARNING,
    error_where="in warning signs and in messages about medicines",
)

_WORD = re.compile(r"[^\W\d_]+")
#: What stands between two parts of a text.
_BETWEEN = re.compile(r"[,;:.?!]|\b(?:or|and)\b", re.IGNORECASE)

#: So many parts fewer, in so much fewer words. Of 205 right wordings, none was so much shorter.
_FEWER = 2
_SHORTER = 0.9


def left_out(pair: Pair) -> Iterator[Fault]:
    """Yield a fault for another English wording that is shorter by two parts or more."""
    if not pair.reworded:
        return
    for form, text in pair.texts():
        fewer = _parts(text) + _FEWER <= _parts(pair.english)
        if fewer and _words(text) < _SHORTER * _words(pair.english):
            what = f"ours has {_parts(pair.english)} parts, and this has {_parts(text)}."
            yield Fault(PART_LEFT_OUT, what, form)


def _parts(text: str) -> int:
    return len(_BETWEEN.findall(text.rstrip(" .?!:"))) + 1


def _words(text: str) -> int:
    return len(_WORD.findall(text))
