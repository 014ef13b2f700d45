"""Markup of a message: its placeholders `%(name)s`, its tags, its entities, and its bare words."""

import html
import re

_PLACEHOLDER = r"%\(\w+\)s"
_TAG = r"<[^>]*>"

PLACEHOLDER = re.compile(_PLACEHOLDER.replace(r"\w+", r"(\w+)"))
TAG = re.compile(_TAG)

#: A tag, or what looks like the beginning of one and is never closed.
TAG_OR_STUB = re.compile(f"{_TAG}?")

#: An entity that no message may hold, for it holds the character itself.
NEEDLESS_ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)#?\w+;")

STRAY_PERCENT = re.compile(rf"%(?!{_PLACEHOLDER[1:]}|%)")
BARE_AMPERSAND = re.compile(r"&(?!#?\w+;)")

#: All that is no word, in a sound message; in a group, so that `split` keeps it.
FIXED = re.compile(rf"({_PLACEHOLDER}|%%|{_TAG}|&\w+;)")

#: All that is no word, in any message: also what is damaged.
CODE = re.compile(rf"({_PLACEHOLDER}|{_TAG}?|&(?:#?\w+;)?)")

#: What stands for a placeholder where only words are looked at: U+FFFC, object replacement.
HELD = "\ufffc"


def placeholders(text: str) -> list[str]:
    """List the names of the placeholders of a text, in order, each as often as it stands."""
    return PLACEHOLDER.findall(text)


def filled(text: str, filling: str = HELD) -> str:
    """Put the same filling in the place of every placeholder."""
    return PLACEHOLDER.sub(lambda _: filling, text)


def untagged(text: str, instead: str = "") -> str:
    """Take the tags out of a text, or put something in the place of each."""
    return TAG.sub(lambda _: instead, text)


def printed_length(text: str) -> int:
    """Count the characters of a text as it is printed; a placeholder holds about two."""
    return len(filled(untagged(text), "00"))


def bare(text: str) -> str:
    """Return what is read of a text: no tags, no entities, and `HELD` for each placeholder."""
    return html.unescape(filled(untagged(text.replace("<br>", " "))))
