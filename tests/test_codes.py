"""Each code is stated once, beside its check; nothing else says what a finding is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from leaflets.editions.codes import CODES
from leaflets.problem import Code, Severity

PACKAGE = Path(__file__).resolve().parent.parent / "leaflets"
MODULES = sorted(PACKAGE.rglob("*.py"))
IS_CODE = re.compile(r"\b[A-Z]{3,4}-\d\d\b")


def parsed(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"))


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def texts(module: Path) -> Iterator[str]:
    """Yield the texts of a module, but for its docstrings and the codes that it states."""
    tree = parsed(module)
    stated = {id(part) for call in calls(tree, "Code") for part in ast.walk(call)}
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in stated | notes
        ):
            yield node.value


def test_every_code_is_stated_once_and_listed() -> None:
    stated = [
        str(call.args[0].value)
        for module in MODULES
        for call in calls(parsed(module), "Code")
        if isinstance(call.args[0], ast.Constant)
    ]
    assert sorted(stated) == sorted(CODES)


def test_a_problem_is_made_by_its_code_alone() -> None:
    assert [module.name for module in MODULES if list(calls(parsed(module), "Problem"))] == [
        "problem.py"
    ]


def test_no_code_is_written_where_it_is_not_stated() -> None:
    written = {
        (module.relative_to(PACKAGE).as_posix(), text)
        for module in MODULES
        for text in texts(module)
        if CODES.keys() & IS_CODE.findall(text)
    }
    # Help and documents name one as an example.
    examples = ("leaflets explain ", "A code, such as ", "leaflets accept ", "NEG-01")
    assert [text for _, text in written if not text.startswith(examples)] == []


def test_a_code_is_an_error_where_it_says_so_and_nowhere_else() -> None:
    code = Code("TEST-01", title="T", why="W", remedy="R", severity=Severity.WARNING)
    assert code.problem(message="m", hint="h").severity is Severity.WARNING
    with pytest.raises(ValueError, match="as severe everywhere"):
        code.problem(is_grave=True, message="m", hint="h")
    grave = Code(
        "TEST-02", title="T", why="W", remedy="R", severity=Severity.WARNING, error_where="here"
    )
    assert grave.problem(is_grave=True, message="m", hint="h").severity is Severity.ERROR
