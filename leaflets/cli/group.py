"""Groups of commands: a line lists each, and its module is imported when the command is used."""

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

from leaflets.insides import Touch


def command_app() -> typer.Typer:
    """Make the typer app of a module that holds one command."""
    return typer.Typer(add_completion=False, rich_markup_mode=None)


def examples(*commands: str) -> str:
    """Write the examples of a help text; the mark keeps each on a line of its own."""
    return "\n".join(("\b", "Examples:", *(f"  {command}" for command in commands)))


class LazyGroup(TyperGroup):
    """A group whose commands are the modules of a package, each listed by a line.

    A module is named as its command, with “_” behind a word that Python reserves, and calls its
    typer app `app`.
    """

    package: ClassVar[str]
    lines: ClassVar[Mapping[str, str]]

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - those of typer, handed on
        """Take what typer states of a group."""
        super().__init__(**settings)
        for name, line in self.lines.items():
            module = f"{self.package}.{name}{'_' if iskeyword(name) else ''}"
            self.add_command(LazyCommand(name, module, line))


class LazyCommand(TyperCommand):
    """What stands in the list for a command, and imports it when it is used."""

    def __init__(self, name: str, module: str, line: str) -> None:
        """Take the name and the line that are listed, and the module of the command."""
        super().__init__(name, short_help=line)
        self._module = module

    def load(self) -> Any:  # noqa: ANN401 - typer does not export the class of a command
        """Import the command itself, or a group of commands."""
        return typer.main.get_command(import_module(self._module).app)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: Any = None,  # noqa: ANN401 - nor that of a context
        **extra: Any,  # noqa: ANN401 - what typer states, handed on
    ) -> Any:  # noqa: ANN401 - see above
        """Read the arguments as the command itself does; what is returned runs that command."""
        return self.load().make_context(info_name, args, parent, **extra)


TOUCHES = (
    Touch(
        (
            "typer.core.TyperCommand",
            "typer.core.TyperCommand.make_context(self, info_name, args, parent=None, **extra)",
            "typer.core.TyperGroup",
            "typer.core.TyperGroup.add_command(self, cmd, name=None)",
            "typer.main.get_command(typer_instance)",
        ),
        why="Lists commands without importing them. typer makes a group of what was imported.",
        needless_when="typer takes a command by the name of its module.",
        test="tests/test_command.py::test_a_command_is_imported_when_it_is_used",
    ),
)
