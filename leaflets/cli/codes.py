"""The page of all checks, `docs/checks.md`, written from their codes."""

from collections.abc import Iterator

from leaflets.problem import KINDS

_HEAD = """# Checks

Every finding has a code. `leaflets explain CODE` says the same as this page, which is written from
the program. An error holds an edition back; a warning is printed and counted. `leaflets check` runs
all of them, `leaflets build` those that concern what it prints.

"""


def page() -> str:
    """Write the page."""
    return _HEAD + "\n".join(_rows())


def _rows() -> Iterator[str]:
    yield "| code | what | why | what to do |"
    yield "|---|---|---|---|"
    for code, kind in KINDS.items():
        cells = (kind.title, kind.why, kind.remedy)
        texts = [
            text.replace("|", "\\|").replace("<", "&lt;").replace("%", "&#37;") for text in cells
        ]
        yield f"| `{code}` ({kind.severity.value}) | {' | '.join(texts)} |"
    yield ""
