"""Every code that a finding can have; each is stated beside the check that finds it."""

from collections.abc import Mapping
from types import ModuleType

from leaflets.catalogs import integrity, quantities
from leaflets.checks import catalog, claims, composition, ink, page, reading, source, text
from leaflets.checks.translation import (
    clauses,
    language,
    negation,
    placeholders,
    punctuation,
    safety_words,
    terms,
)
from leaflets.editions import gate, proof
from leaflets.problem import Code
from leaflets.records import keys
from leaflets.records.approval import days, pages, persons, rules

_CATALOGS = (
    integrity,
    quantities,
    negation,
    placeholders,
    language,
    punctuation,
    safety_words,
    clauses,
    terms,
    catalog,
)


def _stated_in(*modules: ModuleType) -> Mapping[str, Code]:
    return {
        code.id: code
        for module in modules
        for code in vars(module).values()
        if isinstance(code, Code)
    }


#: What is found in texts, whether or not anything is printed.
OF_TEXTS = _stated_in(*_CATALOGS, source, claims)

#: What is found on pages and in their file; and what of it says that a text has no room.
OF_PAGES = _stated_in(page, ink, text)
OF_ROOM = frozenset(
    code.id
    for code in (
        page.TEXT_OUTSIDE,
        page.OVER_BUDGET,
        page.EMERGENCY_BOX_MISPLACED,
        page.TEXT_OVER_TEXT,
    )
)

#: The codes by their ids, in the order in which they are listed: the page and its file, catalogs,
#: the English, sign-offs and recalls, and what keeps an edition from being made.
CODES = _stated_in(
    page,
    ink,
    text,
    *_CATALOGS,
    composition,
    source,
    reading,
    claims,
    rules,
    keys,
    persons,
    days,
    pages,
    gate,
    proof,
)
