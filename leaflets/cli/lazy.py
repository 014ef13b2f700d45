"""Commands that are made when they are used: typer looks at every parameter of what it makes."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click import Command, Context  # typer has its own click, and no other name for it

F = TypeVar("F", bound=Callable[..., object])


class Parts:
    """Commands by name: for each, the line that lists it and the typer program that it is."""

    def __init__(self) -> None:
        """Begin without commands."""
        self._lines: dict[str, str] = {}
        self._programs: dict[str, typer.Typer] = {}

    @property
    def lines(self) -> Mapping[str, str]:
        """Return the lines of the list of commands, by name."""
        return self._lines

    def command(self, *, short_help: str, epilog: str, name: str = "") -> Callable[[F], F]:
        """Make a command of a function, as `typer.Typer.command` does."""

        def known(function: F) -> F:
            own = name or function.__name__
            program = typer.Typer(add_completion=False, rich_markup_mode=None)
            program.command(own, short_help=short_help, epilog=epilog)(function)
            self.add(own, short_help, program)
            return function

        return known

    def add(self, name: str, line: str, program: typer.Typer) -> None:
        """Take a program of typer as a command."""
        self._lines[name], self._programs[name] = line, program

    def made(self, name: str) -> "Command":
        """Make a command, with all of its parameters."""
        return typer.main.get_command(self._programs[name])


class Lazy(TyperGroup):
    """A group that lists its parts by their lines, and makes the one that is used."""

    parts: ClassVar[Parts]

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of typer, handed on
        """Take what typer states of a group."""
        super().__init__(**settings)
        for name, line in self.parts.lines.items():
            self.add_command(TyperCommand(name, short_help=line))

    def resolve_command(
        self, ctx: "Context", args: list[str]
    ) -> "tuple[str | None, Command | None, list[str]]":
        """Find the command that is used, and make it."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, self.parts.made(name) if name and found else None, rest
