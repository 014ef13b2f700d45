"""List all checks, from their codes: `docs/checks.md`."""

from collections.abc import Iterator

from leaflets.editions.codes import CODES
from leaflets.problem import Code

_HEAD = """# Checks

Every finding has a code. `leaflets explain CODE` says the same as this page, which is written from
the program. An error holds an edition back; a warning is printed and counted. `leaflets check` runs
all of them, `leaflets build` those that concern what it prints.

"""

_TAIL = """
## What is not found
A check knows words, not meaning. In the corpus of translations 21 faults of 351 are not found: 8
are words in a wrong form, 3 clauses that came in, the others are of nine kinds. Of a clinic's own
English 2 of 22 are not found.

Counting does not help: sentences, clauses and letters of each translation were counted against the
English and the median of the other languages. No such rule finds a fault that escapes the checks,
and all but the coarsest alarm at good texts.
"""


def document() -> str:
    """Write the document."""
    return _HEAD + "\n".join(_rows()) + _TAIL


def _rows() -> Iterator[str]:
    yield "| code | what | why | what to do |"
    yield "|---|---|---|---|"
    for code in CODES.values():
        cells = (code.title, code.why, code.remedy)
        texts = [
            text.replace("|", "\\|").replace("<", "&lt;").replace("%", "&#37;") for text in cells
        ]
        yield f"| `{code.id}` ({_severity(code)}) | {' | '.join(texts)} |"
    yield ""


def _severity(code: Code) -> str:
    return f"{code.severity.value}{f'; error {code.error_where}' if code.error_where else ''}"
