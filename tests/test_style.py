"""The style sheet: contrast of 7:1 in colour and in grey, and nothing that is mirrored wrongly."""

import re
from itertools import product

from leaflets.library.load import Library

#: Pairs of ink and ground that the page uses.
GROUNDS = {"--ink": ("white", "--tint"), "--accent": ("white", "--tint"), "--alarm": ("white",)}


def css(library: Library, *names: str) -> str:
    style = library.roots.templates[-1] / "style"
    return "".join((style / f"{name}.css").read_text("utf-8") for name in names or ("page",))


def colours(library: Library) -> dict[str, tuple[int, int, int]]:
    found = re.findall(r"(--\w+): #([0-9a-f]{6});", css(library))
    named = {name: tuple(bytes.fromhex(value)) for name, value in found}
    return {**named, "white": (255, 255, 255)}  # type: ignore[dict-item]  # three bytes each


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance of WCAG 2.2."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: float, other: float) -> float:
    low, high = sorted((one, other))
    return (high + 0.05) / (low + 0.05)


def grey(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """Turn a colour into grey as office printers do (ITU-R BT.601)."""
    value = round(0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2])
    return (value, value, value)


def test_every_pair_of_ink_and_ground_has_7_to_1_in_colour_and_in_grey(library: Library) -> None:
    known = colours(library)
    for ink, grounds in GROUNDS.items():
        for ground, turned in product(grounds, (lambda colour: colour, grey)):
            ratio = contrast(luminance(turned(known[ink])), luminance(turned(known[ground])))
            assert ratio >= 7, f"{ink} on {ground}: {ratio:.1f}"


def test_every_text_colour_is_one_that_is_checked(library: Library) -> None:
    both = css(library, "page", "screen")
    used = set(re.findall(r"(?<![-\w])color: ([^;]+);", both))
    assert used <= {"var(--ink)", "var(--accent)", "#fff", "inherit"}
    grounds = set(re.findall(r"background: ([^;]+);", both))
    assert grounds <= {"var(--tint)", "var(--ink)", "var(--alarm)", "var(--accent)", "#fff"}


def test_nothing_is_set_in_italics_underlined_in_capitals_or_hyphenated(library: Library) -> None:
    text = css(library)
    for forbidden in ("italic", "underline", "uppercase", "small-caps", "justify", "hyphens: auto"):
        assert forbidden not in text


def test_nothing_is_used_that_is_wrong_from_right_to_left(library: Library) -> None:
    text = css(library)
    assert not re.search(r"display: (inline-)?grid|margin[-\w]*: [^;]*auto|flex-wrap", text)


#: The smallest prose, and the smallest text of all, in points, where paper is scarce.
FLOORS = {"trifold": (11, 10.5), "cards": (9, 9)}


def test_no_format_sets_its_prose_smaller_than_it_may_be(library: Library) -> None:
    for one in library.formats.values():
        if one.medium == "print":
            body, smallest = FLOORS.get(one.sheet.scheme if one.sheet else "", (12.5, 10.5))
            assert one.body >= body, one.id
            assert one.smallest >= smallest, one.id
        if one.arrangement == "notice":
            assert one.smallest >= 20  # as posted notices must be in the US (45 CFR 92.11)
