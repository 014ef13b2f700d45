"""What we replace and rely on of other packages is declared, is there, and is what it was.

When one of these fails after a change of version, go by `docs/upgrading.md`.
"""

import ast
import hashlib
import importlib
import inspect
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from pkgutil import resolve_name
from types import ModuleType
from typing import Any

import pytest

from leaflets import machine
from leaflets.insides import Patch, Touch
from leaflets.render.weasy import patching
from leaflets.render.weasy.typeset import typeset

ROOT = Path(__file__).resolve().parent.parent
ROOM = ROOT / "leaflets" / "render" / "weasy"

#: The only modules of ours that may import these, which import-linter holds.
THEIRS = ("weasyprint", "pydyf", "fontTools")

#: What the reference of WeasyPrint and that of fontTools list, beside what a root package holds.
PUBLIC = {
    "weasyprint.document.Document",
    "weasyprint.document.DocumentMetadata",
    "weasyprint.document.Page",
    "weasyprint.text.fonts.FontConfiguration",
    "weasyprint.css.counters.CounterStyle",
    "fontTools.ttLib.TTFont",
}


def tool(name: str) -> Any:  # noqa: ANN401 - a module that no package holds
    """Import a program of `.ci/`."""
    sys.path.insert(0, str(ROOT / ".ci"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.pop(0)


MODULES: Sequence[ModuleType] = tool("upgrading").modules()
PATCHES: Sequence[Patch] = [patch for module in MODULES for patch in getattr(module, "PATCHES", ())]
TOUCHES: Sequence[Touch] = [touch for module in MODULES for touch in getattr(module, "TOUCHES", ())]
NAMES = sorted({name for touch in TOUCHES for name in touch.names})
DECLARED = {patch.target for patch in PATCHES} | {name.partition("(")[0] for name in NAMES}


# --- what is declared is there --------------------------------------------------------------------


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.target)
def test_what_a_patch_replaces_is_what_the_patch_was_written_for(patch: Patch) -> None:
    source = inspect.getsource(patchable(patching.theirs(patch)))
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    assert digest == patch.digest, (
        f"{patch.target} has changed, and ours stands in its place. Compare it with that of the"
        " version before; see docs/upgrading.md. When ours is right for it, the digest is"
        f' "{digest}".'
    )


def patchable(replaced: Any) -> Any:  # noqa: ANN401 - a function, a class or a property
    return replaced.fget if isinstance(replaced, property) else replaced


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.partition("(")[0])
def test_what_is_relied_on_is_there_and_is_called_as_before(name: str) -> None:
    path, _, parameters = name.partition("(")
    assert exists(path), f"there is no {path} any more; see docs/upgrading.md"
    if parameters:
        taken = signature(original(path))
        assert taken == f"({parameters}", f"{path} takes {taken} now; see docs/upgrading.md"


def original(path: str) -> Any:  # noqa: ANN401 - anything of theirs
    """Return what a name stands for, and for what is replaced by ours, theirs."""
    replaced = {patch.target: patch for patch in PATCHES}
    return patching.theirs(replaced[path]) if path in replaced else resolve_name(path)


def exists(path: str) -> bool:
    """Tell whether there is such a name, or objects of such a class are given such an attribute."""
    try:
        resolve_name(path)
    except AttributeError:
        owner_name, _, name = path.rpartition(".")
        owner = resolve_name(owner_name)
        if not isinstance(owner, type):
            return False
        own = {f"{base.__module__}.{base.__qualname__}.{name}" for base in owner.__mro__}
        return not given(path.partition(".")[0]).isdisjoint({*own, name})
    return True


@cache
def given(package: str) -> frozenset[str]:
    """Name the attributes that a package sets: on `self` after the class, and else as they are."""
    return frozenset(chain.from_iterable(map(given_in, sources(package))))


def sources(package: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the source of each module of a package."""
    file = Path(str(importlib.import_module(package).__file__))
    for path in file.parent.rglob("*.py"):
        parts = path.relative_to(file.parent.parent).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path.read_text("utf-8")


def given_in(module: tuple[str, str]) -> Iterator[str]:
    name, source = module
    tree = ast.parse(source)
    for part in tree.body:
        prefix = f"{name}.{part.name}." if isinstance(part, ast.ClassDef) else ""
        for node in ast.walk(part):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                yield (prefix if root(node.value) == "self" else "") + node.attr
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "object.__setattr__":
                yield prefix + ast.literal_eval(node.args[1])


def signature(function: Any) -> str:  # noqa: ANN401 - anything that can be called
    """Write the parameters of a function without their types."""
    taken = inspect.signature(function)
    bare = inspect.Parameter.empty
    plain = [parameter.replace(annotation=bare) for parameter in taken.parameters.values()]
    return str(taken.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def test_each_test_that_is_named_exists() -> None:
    entries: Sequence[Patch | Touch] = [*PATCHES, *TOUCHES]
    for entry in entries:
        file, _, name = entry.test.partition("::")
        tests = re.findall(r"^def (test_\w+)\(", (ROOT / file).read_text("utf-8"), re.MULTILINE)
        assert name in tests, f"{entry.test} is named, and is not there"


def test_every_patch_is_put_in_place_with_the_others() -> None:
    assert sorted(patch.target for patch in patching.PATCHES) == sorted(
        patch.target for patch in PATCHES
    )


# --- nothing else is touched ----------------------------------------------------------------------


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / "leaflets").rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> Mapping[str, str]:
    """Map each name that a module gives to something of theirs to what it stands for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return {name: path for name, path in names.items() if path.partition(".")[0] in THEIRS}


def root(node: ast.expr) -> str:
    """Return the name with which an expression begins, as `a` of `a.b.c`."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def changes(tree: ast.Module) -> Iterator[str]:
    """Yield what a module sets or deletes of what it has imported of theirs."""
    theirs = imported(tree)
    for node in ast.walk(tree):
        targets: Sequence[ast.expr] = ()
        if isinstance(node, ast.Assign | ast.Delete):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call) and root(node.func) in {"setattr", "delattr"}:
            targets = node.args[:1]
            if root(targets[0]) in theirs:
                yield ast.unparse(node)
        for target in targets:
            if isinstance(target, ast.Attribute | ast.Subscript) and root(target) in theirs:
                yield ast.unparse(target)


def test_no_module_replaces_anything_by_itself() -> None:
    changed = {path.name: list(changes(tree)) for path, tree in trees()}
    assert {name: lines for name, lines in changed.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    ["weasyprint.draw.draw_page = f", "Stream.marked = f", "del Stream.marked", "Stream.n += 1",
     "setattr(Stream, 'marked', f)", "weasyprint.pdf.VARIANTS['x'] = 1"],
)  # fmt: skip
def test_a_replacement_is_seen(line: str) -> None:
    imports = "import weasyprint.draw\nfrom weasyprint.pdf.stream import Stream\n"
    assert list(changes(ast.parse(imports + line)))


#: Notes each function and class of theirs, lays a page out, and prints the names of those that
#: are others then.
WATCHING = """
import importlib, inspect, json, pkgutil, sys, tempfile
from pathlib import Path
from leaflets.render.weasy import patching, typeset
import pydyf, weasyprint

def noted():
    for package in (weasyprint, pydyf):
        parts = pkgutil.walk_packages(package.__path__, package.__name__ + ".")
        for name in (part.name for part in parts if not part.name.endswith("__main__")):
            importlib.import_module(name)
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] in ("weasyprint", "pydyf"):
            for key, value in vars(module).items():
                if callable(value):
                    yield f"{name}.{key}", value
                if inspect.isclass(value) and value.__module__ == name:
                    yield from ((f"{name}.{key}.{own}", part) for own, part in vars(value).items()
                                if callable(part) or isinstance(part, property))

before = dict(noted())
page = "<html lang=en><title>A</title><p>A"
made = typeset.typeset(page, [Path(tempfile.gettempdir())], right_to_left=False)
assert made.pdf
print(json.dumps([name for name, value in noted() if before.get(name) is not value]))
"""


def test_what_is_replaced_when_a_page_was_printed_is_what_is_declared() -> None:
    said = subprocess.run(
        [sys.executable, "-c", WATCHING], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert sorted(json.loads(said)) == sorted(patch.target for patch in PATCHES)


def test_every_private_name_that_is_used_is_declared() -> None:
    last = {path.rpartition(".")[2] for path in DECLARED}
    for path, tree in trees():
        if path.is_relative_to(ROOM):
            assert set(private_names(tree)) <= last, f"declare it in TOUCHES of {path.name}"


PRIVATE = re.compile(r"^_[a-z]\w*$")


def private_names(tree: ast.Module) -> Iterator[str]:
    """Yield private names of others: attributes, and those that stand in quotes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and root(node.value) not in {"self", "cls"}:
            yield from PRIVATE.findall(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from PRIVATE.findall(node.value)


def test_every_name_that_is_imported_is_public_or_declared() -> None:
    names = {(name, path.name) for path, tree in trees() for name in imported(tree).values()}
    assert {(name, file) for name, file in names if not is_public(name)} == set()


def is_public(name: str) -> bool:
    """Tell whether a name is in a root package, in the reference, declared, or that of a module."""
    of_root = name.count(".") == 1
    return of_root or name in PUBLIC | DECLARED or isinstance(original(name), ModuleType)


def test_every_function_of_pdfium_that_is_called_is_declared() -> None:
    for path, tree in trees():
        called = {
            f"pypdfium2.raw.{node.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and root(node.value) == "raw"
            if node.attr.startswith(("FPDF", "FS_"))
        }
        assert called <= DECLARED, f"declare it in TOUCHES of {path.name}"


# --- versions -------------------------------------------------------------------------------------


def test_each_package_that_is_relied_on_has_an_upper_bound() -> None:
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    bounds = {re.match(r"[\w-]+", line)[0].lower(): line for line in stated["dependencies"]}  # type: ignore[index]
    for package in {path.partition(".")[0].lower() for path in DECLARED}:
        assert re.search("<|==", bounds[package]), bounds[package]


def test_the_versions_that_are_asked_for_are_those_that_the_command_insists_on() -> None:
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for name, version in machine.PACKAGES.items():
        assert f"{name}=={version}" in stated["dependencies"]


# --- what no other test shows ---------------------------------------------------------------------


def test_the_file_of_the_colour_profile_is_closed() -> None:
    import weasyprint.pdf  # noqa: PLC0415 - after the patches were looked up

    patching.install()
    file = (Path(weasyprint.pdf.__file__).parent / "sRGB2014.icc").open("rb")
    profile = weasyprint.pdf.ColorProfile(file, "", "relative-colorimetric", ())
    assert file.closed
    assert profile.content


def test_two_builds_are_compared_by_what_stands_where(tmp_path: Path) -> None:
    def printed(body: str, foot: str) -> bytes:
        style = f"<style>@page {{ size: A6; @bottom-left {{ content: '{foot}' }} }}</style>"
        page = f"<html lang=en><title>A</title>{style}<p>{body}</p><hr>"
        pdf = typeset(page, [tmp_path], right_to_left=False).pdf
        assert pdf
        return pdf

    before = printed("Rest for a day.", "KGT-5QC6")
    differences = tool("compare").differences
    assert list(differences(before, printed("Rest for a day.", "9V1V-RS3"))) == []
    (said,) = differences(before, printed("Rest for a week.", "9V1V-RS3"))
    assert said == "page 1: 2 differences, first of all at: Rest for a week."
    moved = "<br>Rest for a day."
    (said,) = differences(before, printed(moved, "KGT-5QC6"))
    assert "Rest for a day." in said
    added, _ = differences(before, printed("Rest<p style='break-before: page'>now", "KGT-5QC6"))
    assert added == "2 pages, and 1 before"
