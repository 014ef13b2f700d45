"""List all checks, from their codes: `docs/checks.md`."""

from collections.abc import Iterator

from leaflets.editions.codes import CODES
from leaflets.problem import Code

_HEAD = """# Checks

Every finding has a code. `leaflets explain CODE` says the same as this page, which is written from
the program. An error holds an edition back; a warning is printed and counted. `leaflets check` runs
all of them, `leaflets build` those that concern what it prints.

"""


def document() -> str:
    """Write the document."""
    return _HEAD + "\n".join(_rows())


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
