"""The kinds of values that people write in TOML: texts, names, numbers and lengths, with bounds.

`title` says what a kind is in plain words: a refusal and the documents of the schemas quote it.
`described` adds what a key means, so that its description stands beside its type.
"""

import re
from typing import Annotated, Any

from msgspec import Meta

#: What is not shown as itself: controls, ends of lines, what turns or divides text unseen, and
#: private-use characters, with which the places of messages are marked. Of the characters that
#: Unicode lets a font ignore, all but the two joiners, without which some names cannot be written;
#: and what is drawn as nothing, such as a Braille pattern without dots.
_UNSEEN = (
    "\x00-\x1f\x7f-\x9f\u2028-\u202e\ufeff\ue000-\uf8ff"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff"
)

#: The same, but for tabs and ends of lines.
_UNSEEN_IN_PROSE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ufeff\ue000-\uf8ff"

#: One line with at least one letter or sign.
WORDS = rf"\A(?=.*\S)[^{_UNSEEN}]*\Z"

_ID, _LONGEST_ID = r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z", 60

#: A telephone number: the area in brackets and an extension may be part of it.
PHONE = r"(?:\+[0-9]|\(?[0-9])[0-9 ()./-]{1,24}(?: ?(?:ext\.?|x) ?[0-9]{1,6})?"


def is_seen(text: str) -> bool:
    """Tell whether all of a line is shown: it holds no character that is not seen."""
    return not re.search(f"[{_UNSEEN}]", text)


def described(meaning: str, example: Any = None) -> Meta:  # noqa: ANN401 - of the type of the key
    """Say what a key means, and give an example of its value."""
    return Meta(description=meaning, examples=None if example is None else [example])


#: Text on one line; it may be empty.
Line = Annotated[str, Meta(title="text on one line", max_length=500, pattern=rf"\A[^{_UNSEEN}]*\Z")]

#: The same, with at least one letter or sign.
Words = Annotated[
    str,
    Meta(
        title="text on one line, not empty",
        min_length=1,
        max_length=500,
        pattern=WORDS,
    ),
]

#: A sign that is seen, and is no space.
SIGN = rf"[^\s{_UNSEEN}]"

#: Words as a check looks for them.
Phrase = Annotated[
    str,
    Meta(
        title="a word or a few, of which a star stands for any letters",
        max_length=60,
        pattern=rf"\A(?=.*[^\s*])(?:{SIGN}| )+\Z",
    ),
]

#: Text that may be wrapped over several lines.
Prose = Annotated[str, Meta(title="text", max_length=5000, pattern=rf"\A[^{_UNSEEN_IN_PROSE}]*\Z")]

#: The same, with at least one letter or sign.
Paragraph = Annotated[
    str,
    Meta(
        title="text, not empty",
        min_length=1,
        max_length=5000,
        pattern=rf"\A(?=[\s\S]*\S)[^{_UNSEEN_IN_PROSE}]*\Z",
    ),
]

#: What the program sets itself, so that nobody writes it: such a key is refused.
BySystem = Annotated[str, Meta(title="nothing: take this key out", max_length=0)]

#: A name that other files refer to, and that may become a part of a file name.
Id = Annotated[
    str,
    Meta(
        title="a name of small letters, digits and hyphens",
        max_length=_LONGEST_ID,
        pattern=_ID,
    ),
]


#: The id of a message, or a pattern of several.
MessagePattern = Annotated[
    str,
    Meta(
        title="the id of a message, a star standing for anything",
        max_length=200,
        pattern=r"\A[a-z0-9.*-]+\Z",
    ),
]


def is_id(name: str) -> bool:
    """Tell whether a name can be an id; the name of a folder is read by nobody else."""
    return len(name) <= _LONGEST_ID and bool(re.match(_ID, name))


#: A language by its BCP 47 tag: language, and where needed its script and its region.
Tag = Annotated[
    str,
    Meta(
        title="a language tag such as es, zh-Hans or pt-BR",
        pattern=r"\A[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?\Z",
    ),
]

#: A country by its ISO 3166-1 code.
Country = Annotated[
    str, Meta(title="a country by its two letters, such as GB", pattern=r"\A[A-Z]{2}\Z")
]

#: A script by its ISO 15924 code.
Script = Annotated[
    str, Meta(title="a script by its four letters, such as Arab", pattern=r"\A[A-Z][a-z]{3}\Z")
]

#: A unit by its CLDR name, or a word for what is counted. ICU is asked when facts are read.
Unit = Annotated[
    str,
    Meta(
        title="a unit by its CLDR name, such as day or milligram",
        max_length=60,
        pattern=r"\A[a-z]+[0-9]*(?:-[a-z0-9]+)*\Z",
    ),
]

#: A telephone number, or nothing.
Phone = Annotated[
    str, Meta(title="a telephone number of digits and spaces", pattern=rf"\A(?:{PHONE})?\Z")
]

#: An address on the web, or nothing.
Address = Annotated[
    str,
    Meta(
        title="an address that begins with https:// or http://",
        max_length=300,
        pattern=rf"\A(?:https?://[^\s{_UNSEEN}]+)?\Z",
    ),
]

#: The name of a file, without a folder.
FileName = Annotated[
    str,
    Meta(
        title="the name of a file, without a folder",
        min_length=1,
        max_length=200,
        pattern=rf"\A[^/.{_UNSEEN}][^/{_UNSEEN}]*\Z",
    ),
]

#: The first 128 bits of a hash.
Digest = Annotated[str, Meta(title="32 hexadecimal digits", pattern=r"\A[0-9a-f]{32}\Z")]

#: A number that stands on a leaflet, or bounds one that does.
_LARGEST = 10_000_000
Whole = Annotated[int, Meta(ge=-_LARGEST, le=_LARGEST)]
Broken = Annotated[float, Meta(ge=-_LARGEST, le=_LARGEST)]
Number = Whole | Broken

#: Two numbers. Not `tuple[Number, Number]`: in a union with a number that has bounds, msgspec 0.22
#: reads beyond its memory for that.
Range = Annotated[
    tuple[Number, ...], Meta(title="a range such as [3, 7]", min_length=2, max_length=2)
]

#: A length on a page in millimetres; the largest sheets that printers take are about a metre wide.
Length = Annotated[float, Meta(title="a length in millimetres", ge=0, le=1200)]

#: A size of type in points.
TypeSize = Annotated[float, Meta(title="a size of type in points", ge=0, le=200)]

#: How many pages, of a leaflet or of a part of it.
Pages = Annotated[int, Meta(title="a number of pages", ge=1, le=500)]
