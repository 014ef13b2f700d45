"""What a part is, is said once: in templates/parts.toml, and nowhere in Python."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element as TheirElement

import pytest
import tinyhtml5  # type: ignore[import-untyped]  # it states no types

from leaflets.catalogs import domains, extract
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.errors import InputError
from leaflets.library import load, parts
from leaflets.library.load import Library
from leaflets.library.parts import Part, Parts, Role
from leaflets.render import html_tree
from leaflets.render.html_tree import Element
from tests.conftest import ClinicFolder

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"

#: The templates of leaflets; pages of the desk, the site and a review are read by no part of ours.
OF_LEAFLETS = ("*.html", "arrangements/*.html", "common/*.html", "leaflets/*/*.html")

#: Python that names a class or a message all the same, and why.
EXCEPTIONS = {
    ("library/redflags.py", "redflag."): "the message of a sign is named after its id",
    ("library/leaflet.py", ".title"): "the message of a title is named after its leaflet",
    ("library/leaflet.py", "warning-signs"): "a topic of leaflets, which is no part of a page",
    ("output/site/page.py", "warning-signs"): "a topic of leaflets, which is no part of a page",
    ("library/redflags.py", "same-day"): "a tier of warning signs, which has its box",
    ("library/load.py", ".source"): "a key of facts.toml, which it names in an error",
    ("library/load.py", ".sources"): "a key of claims.toml, which it names in an error",
    ("compose/amounts.py", "blank"): "it writes this element, which style/page.css sets",
    ("compose/amounts.py", "whole"): "the same",
    ("compose/views.py", "blank long"): "the same",
    ("compose/views.py", "isolated"): "the same",
    ("compose/views.py", "country"): "the same",
    ("compose/views.py", "whole"): "the same",
    ("compose/bilingual.py", "second"): "the same",
}

#: Modules that read composed or laid-out pages: here also a word such as “line” is a class.
READERS = frozenset({
    "checks/page.py", "checks/text.py", "compose/bilingual.py", "compose/places.py",
    "render/aloud.py", "render/html_tree.py", "render/plain_text.py", "render/weasy/boxes.py",
})  # fmt: skip

_ATTRIBUTE = re.compile(r"""class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)\"""")
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def templates() -> Iterator[str]:
    for pattern in OF_LEAFLETS:
        for path in TEMPLATES.glob(pattern):
            yield path.read_text("utf-8")


def classes() -> frozenset[str]:
    """List the classes of the templates, also those that an expression puts in."""
    found: set[str] = set()
    for text in templates():
        for stated in _ATTRIBUTE.findall(text):
            found |= set(_CODE.sub(" ", stated).split())
            for code in _CODE.findall(stated):
                found |= set(" ".join(re.findall(r"'([^']*)'", code)).split())
    return frozenset(found)


def ids() -> frozenset[str]:
    return frozenset(name for text in templates() for name in re.findall(r'\bid="([\w-]+)"', text))


def messages(library: Library) -> frozenset[str]:
    names = domains.names(library)
    return frozenset(one.id for name in names for one in extract.domain(library, name))


def literals(path: Path) -> Iterator[str]:
    """Yield the strings of a module that are no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in docstrings and type(node.value) is str:
            yield node.value


class Vocabulary:
    """The words of the templates that Python must not know."""

    def __init__(self, library: Library) -> None:
        """Read the templates of leaflets."""
        self._names = classes() | ids()
        at = (name for part in library.parts.part.values() for name in part.names)
        self._of_parts = frozenset(name.lstrip(".#") for name in at if name[0] in ".#")
        self._messages = messages(library)

    def named_in(self, module: str) -> Iterator[str]:
        """Yield what a module names."""
        for text in literals(ROOT / "leaflets" / module):
            if (
                self._is_name(text)
                or (module in READERS and text in self._of_parts)
                or text in self._messages
                or self._is_piece(text)
            ):
                yield text
            yield from re.findall(r'class="([^"{}]+)"', text)

    def _is_name(self, text: str) -> bool:
        """Tell a class or id from a word: it is a selector, or has a hyphen."""
        bare = text.lstrip(".#")
        return bare in self._names and (text != bare or "-" in text)

    def _is_piece(self, text: str) -> bool:
        """Tell whether ids of messages begin with a text, end with it or have it in them."""
        if not re.fullmatch(r"[a-z-]*\.[a-z.-]*", text) or not re.search("[a-z]{3}", text):
            return False
        if not text.startswith("."):
            return any(message.startswith(text) for message in self._messages)
        if text.endswith("."):
            return any(text in message for message in self._messages)
        return any(message.endswith(text) for message in self._messages)


def test_no_class_and_no_message_steers_python(library: Library) -> None:
    vocabulary = Vocabulary(library)
    modules = (
        path.relative_to(ROOT / "leaflets").as_posix() for path in (ROOT / "leaflets").rglob("*.py")
    )
    found = {(module, name) for module in modules for name in vocabulary.named_in(module)}
    assert found == EXCEPTIONS.keys()


def test_each_part_stands_in_a_template_and_holds_messages_that_exist(library: Library) -> None:
    by_python = {"blank", "long"}  # compose writes them: see EXCEPTIONS
    known = {
        *(f".{name}" for name in classes() | by_python),
        *(f"#{name}" for name in ids()),
        *(tag for text in templates() for tag in re.findall(r"<([a-z0-9]+)", text)),
    }
    for key, part in library.parts.part.items():
        assert part.names <= known, key
        for pattern in part.messages:
            assert any(part.is_message(one) for one in messages(library)), (key, pattern)


def test_the_roles_are_on_the_pages_that_need_them(library: Library) -> None:
    (edition,) = plan(library, Request(leaflets=("recovery",), languages=("en",), formats=("a4",)))
    page = html_tree.parse(compose(Inputs(library), edition).html)
    names = [element.names for element, _ in html_tree.elements(page)]
    for role in (Role.EMERGENCY_BOX, Role.DRAFT_MARK, Role.EVERY_PAGE, Role.SECTION_HEADING):
        assert any(library.parts.have(role, one) for one in names), role


def test_the_innermost_and_most_special_part_decides() -> None:
    known = Parts(
        {"blank": Part(at=".blank", before="_"), "long": Part(at=".blank.long", before="__")}
    )
    assert known.in_words([".long", ".blank", "span"]).before == "__"
    assert known.in_words([".blank", "span"]).before == "_"
    assert known.in_words([".long", "div"]).before == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('role = "draft mark"', "", "no part has the role “draft mark”"),
        ('role = "draft mark"', 'role = "stamp"', "part.draft-mark.role"),
        ('at = ".draft-mark"', 'at = "div > .x"', "part.draft-mark.at: write a tag, .class or #id"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (TEMPLATES / parts.FILE).read_text("utf-8")
    assert old in text
    (tmp_path / parts.FILE).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(InputError, match=re.escape(said)):
        parts.load([tmp_path])


def test_a_file_of_parts_in_the_folder_of_a_clinic_is_refused(clinic: ClinicFolder) -> None:
    clinic.write("templates/parts.toml", (TEMPLATES / parts.FILE).read_text("utf-8"))
    with pytest.raises(InputError, match="belongs to the program; take this file out"):
        load.load(clinic.path)


def shape_of(element: Element) -> Iterator[str]:
    for child in element.children:
        yield from [child] if isinstance(child, str) else framed(child.names, shape_of(child))


def shape_of_typesetter(element: TheirElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        names = [f".{name}" for name in child.get("class", "").split()]
        names += [f"#{name}" for name in [child.get("id")] if name]
        yield from framed([*names, child.tag], shape_of_typesetter(child))
        yield child.tail or ""


def framed(names: Sequence[str], inside: Iterator[str]) -> Iterator[str]:
    """Put the names of an element before what it holds, and a mark after it.

    The body of a table is left out: HTML puts one where none is written (section 13.2.6.4.9).
    """
    own = names if names[-1] != "tbody" else []
    yield from (f" <{name}> " for name in own)
    yield from inside
    yield from (" </> " for _ in own)


@pytest.mark.parametrize("sheet", ["a4", "html", "text", "a4-card"])
def test_the_tree_of_a_page_is_that_of_the_typesetter(library: Library, sheet: str) -> None:
    for edition in plan(library, Request(languages=("ar", "zh-Hans"), formats=(sheet,))):
        html = compose(Inputs(library), edition).html
        (ours,) = (child for child in html_tree.parse(html).children if isinstance(child, Element))
        theirs = tinyhtml5.parse(html, namespace_html_elements=False)
        shapes = ["".join(shape).split() for shape in (shape_of(ours), shape_of_typesetter(theirs))]
        assert shapes[0] == shapes[1]
