"""A plain line chart as SVG: text stays text, and lines differ by dash and mark, not by colour."""

from collections.abc import Mapping, Sequence
from html import escape

import msgspec

Points = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT = 760, 480
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 200, 50, 60
_DASHES = ("", "10 4", "3 4", "12 4 3 4")
_INK = "#1a1a1a"


class Axis(msgspec.Struct, frozen=True):
    """An axis: its label, the length of it in numbers, and the distance between its ticks."""

    label: str
    end: float
    step: float

    @property
    def ticks(self) -> list[float]:
        """List the numbers that are written along it."""
        return [self.step * number for number in range(int(self.end / self.step + 1e-9) + 1)]


def axis(label: str, values: Sequence[float]) -> Axis:
    """Make an axis that holds all values, with round steps, about six of them."""
    rough = max(values) / 6
    power = 10.0 ** (len(str(int(rough))) - 1) if rough >= 1 else 0.1
    step = next(power * one for one in (1, 2, 5, 10, 20) if power * one >= rough)
    return Axis(label, step * -(-max(values) // step), step)


def drawn(title: str, across: str, up: str, lines: Mapping[str, Points]) -> str:
    """Draw lines through points, both axes from nought, each line with its name at its end."""
    values = [point for points in lines.values() for point in points]
    x_axis = axis(across, [x for x, _ in values])
    y_axis = axis(up, [y for _, y in values])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        ' aria-labelledby="title" font-family="sans-serif" font-size="14">',
        f'<title id="title">{escape(title)}</title>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        _text(_LEFT, 26, title, weight="bold"),
        *_frame(x_axis, y_axis),
    ]
    for number, (name, points) in enumerate(lines.items()):
        parts += _line(number, name, [_placed(x_axis, y_axis, *point) for point in points])
    return "\n".join([*parts, "</svg>", ""])


def _placed(x_axis: Axis, y_axis: Axis, x: float, y: float) -> tuple[float, float]:
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    return _LEFT + wide * x / x_axis.end, _TOP + high * (1 - y / y_axis.end)


def _frame(x_axis: Axis, y_axis: Axis) -> list[str]:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    parts: list[str] = []
    for tick in y_axis.ticks:
        _, y = _placed(x_axis, y_axis, 0, tick)
        parts.append(
            f'<path d="M{_LEFT} {y:.1f}H{right}" stroke="#ccc" fill="none"/>'
            + _text(_LEFT - 8, y + 5, f"{tick:g}", anchor="end")
        )
    for tick in x_axis.ticks:
        x, _ = _placed(x_axis, y_axis, tick, 0)
        parts.append(
            f'<path d="M{x:.1f} {bottom}v5" stroke="{_INK}"/>'
            + _text(x, bottom + 22, f"{tick:g}", anchor="middle")
        )
    parts += [
        f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" stroke="{_INK}" fill="none"/>',
        _text((_LEFT + right) / 2, _HEIGHT - 12, x_axis.label, anchor="middle"),
        _text(_LEFT, _TOP - 8, y_axis.label),
    ]
    return parts


def _line(number: int, name: str, places: Points) -> list[str]:
    dash = _DASHES[number % len(_DASHES)]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    key = _TOP + 20 + 26 * number
    start = _WIDTH - _RIGHT + 16
    style = f'fill="none" stroke="{_INK}" stroke-width="2" stroke-dasharray="{dash or "none"}"'
    return [
        f'<path d="M{path}" {style}/>',
        *(_mark(number, x, y) for x, y in places),
        f'<path d="M{start} {key}h44" {style}/>',
        _mark(number, start + 22, key),
        _text(start + 54, key + 5, name),
    ]


def _mark(number: int, x: float, y: float) -> str:
    shapes = (
        f"M{x - 5:.1f} {y:.1f}a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
        f"M{x - 5:.1f} {y - 5:.1f}h10v10h-10z",
        f"M{x:.1f} {y - 6:.1f}l6 11h-12z",
        f"M{x:.1f} {y - 6:.1f}l6 6-6 6-6-6z",
    )
    fill = _INK if number % 2 == 0 else "#fff"
    shape = shapes[number % len(shapes)]
    return f'<path d="{shape}" fill="{fill}" stroke="{_INK}" stroke-width="1.5"/>'


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}"'
        f' fill="{_INK}">{escape(words)}</text>'
    )
