"""Inputs: changed copies of real files, and what is made of the worst that a file can hold."""

import datetime as dt
import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeAlias

import tomli_w
from hypothesis import strategies as st

Tree: TypeAlias = Any

#: What breaks readers of text: ends, marks, quotes, nesting, numbers and halves of characters.
NASTY: tuple[bytes, ...] = (
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80",
    b"\r", b"\r\n", b"\n", b"\t", b"\x1b[2J", b"\x85", "\u2028".encode(), "\u202e".encode(),
    "\u2067".encode(), "\ue000x\ue001".encode(), "\ufdd0".encode(), "\U0001f9b4".encode(), b'"',
    b"'", b'"""', b"\\", b"\\u0000", b"\\ud800", b"#", b"%", b"%(x)s", b"{{", b"{%", b"}}", b"&x;",
    b"&#0;", b"<", b"</", b"<!--", b"<![CDATA[", b"-1", b"0", b"1e999", b"nan", b"inf", b"0x",
    b"9" * 30, b"9" * 5000, b"[" * 3000, b"{" * 200, b"(" * 500, b"a." * 2000, b"<g>" * 3000,
    b"A" * 70_000, b"../" * 9, b"/etc/hostname", b"file:///etc/hostname", b"http://127.0.0.1:9/",
)  # fmt: skip

#: What strings of a file may be: long, empty, invisible, markup, paths, expressions.
TEXTS: tuple[str, ...] = (
    "", " ", "\0", "\n", "a\nb", "\x1b[31m", "\u202e", "\u2028", "\ue000a\ue001", "x" * 5_000, ".",
    "..", "../../../etc/hostname", "/etc/hostname", "a/../../b", "en-/../../../x", "<b>", "&amp;",
    "{{ 7 * 7 }}", "{% for a in b %}", "%(name)s", "%", "en", "a4", "general", "day", "مرحبا", "🦴",
    "http://a.example/", "javascript:alert(1)", "C:\\x", "CON", "-", "nplurals=1; plural=0;",
)  # fmt: skip

_Change: TypeAlias = tuple[str, int, int, bytes]

_KINDS = ("flip", "insert", "delete", "repeat", "swap", "cut", "line", "word")


def changed(seeds: Sequence[bytes], words: Sequence[bytes] = ()) -> st.SearchStrategy[bytes]:
    """Make changed copies of some files; `words` are pieces that mean something in them."""
    pieces = st.sampled_from((*NASTY, *words, *words))
    change = st.tuples(
        st.sampled_from(_KINDS),
        st.integers(0, 2**20),
        st.integers(0, 2**20),
        st.one_of(pieces, st.binary(max_size=6)),
    )
    return st.builds(_changed, st.sampled_from(seeds), st.lists(change, min_size=1, max_size=5))


def _changed(data: bytes, changes: Sequence[_Change]) -> bytes:
    for kind, first, second, piece in changes:
        data = _once(data, kind, first % (len(data) + 1), second, piece)
    return data


def _once(data: bytes, kind: str, at: int, number: int, piece: bytes) -> bytes:
    before, after = data[:at], data[at:]
    made: bytes
    match kind:
        case "flip":
            made = before + bytes(byte ^ (1 << number % 8) for byte in after[:1]) + after[1:]
        case "insert":
            made = before + piece + after
        case "delete":
            made = before + after[1 + number % 40 :]
        case "repeat":
            made = before + before[-1 - number % 200 :] * (1 + number % 5) + after
        case "cut":
            made = before
        case "line" | "swap":
            made = _by_lines(data.split(b"\n"), kind, at, number, piece)
        case _:
            # A word of the file gives way to another piece.
            made = data[: data.rfind(b" ", 0, at) + 1] + piece + after[after.find(b" ") :]
    return made


def _by_lines(lines: list[bytes], kind: str, at: int, number: int, piece: bytes) -> bytes:
    one, other = at % len(lines), number % len(lines)
    if kind == "swap":
        lines[one], lines[other] = lines[other], lines[one]
    else:
        lines.insert(one, piece)
    return b"\n".join(lines)


def scratch(words: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Make files of pieces that mean something, of nasty ones, and of any bytes."""
    piece = st.one_of(st.sampled_from((*words, *words, *NASTY)), st.binary(max_size=8))
    return st.lists(piece, max_size=20).map(b"".join)


def texts() -> st.SearchStrategy[str]:
    """Make strings, nasty ones often."""
    return st.one_of(st.sampled_from(TEXTS), st.text(max_size=20))


def values() -> st.SearchStrategy[Tree]:
    """Make values that TOML knows, of any type and size."""
    numbers = st.one_of(
        st.integers(-5, 50),
        st.sampled_from((10**18, -(2**63), 2**64, 10**400, 1e308, 5e-324, 0.0, -0.0)),
        st.sampled_from((float("nan"), float("inf"), float("-inf"))),
    )
    days = st.sampled_from(
        (
            dt.date(1, 1, 1),
            dt.date(9999, 12, 31),
            dt.time(0),
            dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        )
    )
    plain = st.one_of(texts(), numbers, st.booleans(), days)
    return st.one_of(
        plain,
        st.lists(plain, max_size=4),
        st.dictionaries(texts(), plain, max_size=3),
        st.lists(st.dictionaries(texts(), plain, max_size=2), max_size=2),
    )


def changed_toml(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Make copies of TOML files in which values, types, keys and tables are changed."""
    return _changed_trees([tomllib.loads(seed.decode()) for seed in seeds], tomli_w.dumps)


def changed_json(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Make copies of JSON in which values, types, keys and objects are changed."""
    return _changed_trees(
        [json.loads(seed) for seed in seeds], lambda tree: json.dumps(tree, default=str)
    )


def _changed_trees(
    trees: Sequence[Tree], written: Callable[[Tree], str]
) -> st.SearchStrategy[bytes]:
    change = st.tuples(
        st.sampled_from(("value", "value", "value", "key", "delete", "move", "again")),
        st.integers(0, 2**20),
        texts(),
        values(),
    )
    changes = st.lists(change, min_size=1, max_size=3)
    made = st.builds(_changed_tree, st.sampled_from(trees), changes)
    return made.map(lambda tree: written(tree).encode("utf-8", "surrogatepass"))


def _changed_tree(tree: Tree, changes: Sequence[tuple[str, int, str, Tree]]) -> Tree:
    tree = deepcopy(tree)
    for kind, number, name, value in changes:
        places = list(_places(tree))
        if not places:
            break
        holder, key = places[number % len(places)]
        old = holder[key]
        match kind:
            case "value":
                holder[key] = value
            case "key" if isinstance(holder, dict):
                del holder[key]
                holder[name] = old
            case "delete":
                del holder[key]
            case "move" if isinstance(holder, dict):
                holder[key] = {name: old}
            case _:
                holder[key] = [old, old]
    return tree


def _places(tree: Tree) -> list[tuple[Tree, Any]]:
    found: list[tuple[Tree, Any]] = []
    pairs: Mapping[Any, Tree] | dict[int, Tree] = (
        tree if isinstance(tree, dict) else dict(enumerate(tree)) if isinstance(tree, list) else {}
    )
    for key, value in pairs.items():
        found += [(tree, key), *_places(value)]
    return found


def every(
    seeds: Sequence[bytes],
    words: Sequence[bytes],
    also: Callable[[Sequence[bytes]], st.SearchStrategy[bytes]] | None = None,
) -> st.SearchStrategy[bytes]:
    """Make files of every kind: changed by bytes, changed by structure, and from nothing."""
    made = [changed(seeds, words), scratch(words)]
    return st.one_of(*made, *([also(seeds), also(seeds)] if also else ()))
