"""The errors a user can cure, each with an exit code of its own."""

from enum import IntEnum
from pathlib import Path


class ExitCode(IntEnum):
    """What the command says to the shell."""

    OK = 0
    PROBLEMS = 1
    USAGE = 2
    INPUT = 3
    SYSTEM = 4
    HELD_BACK = 5
    OUTPUT = 6
    INTERRUPTED = 130


class LeafletsError(Exception):
    """Say what is wrong, where, and what to do, in one sentence; never a traceback."""

    exit_code: ExitCode = ExitCode.INPUT


class InputError(LeafletsError):
    """A file that a person wrote cannot be used: it names the file, and the line or the key."""

    def __init__(self, path: Path | str, message: str, *, at: str = "") -> None:
        """Take the file, what is wrong with it and what to do, and the line or key if known."""
        where = f"{path}, {at}" if at else f"{path}"
        super().__init__(f"{where}: {message}")


class RequestError(LeafletsError):
    """The command asked for a leaflet, language, format or code that does not exist."""

    exit_code = ExitCode.USAGE


class MissingPartError(LeafletsError):
    """The machine lacks a library, a font or a tool: it names it and how to install it."""

    exit_code = ExitCode.SYSTEM


class WorkerError(LeafletsError):
    """A worker does not agree on library, fonts or software, or cannot be reached."""

    exit_code = ExitCode.SYSTEM


class OutputError(LeafletsError):
    """The output folder cannot be written."""

    exit_code = ExitCode.OUTPUT
