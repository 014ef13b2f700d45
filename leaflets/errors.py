"""The errors a user can cure, each with an exit code of its own."""

import unicodedata
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


#: A message quotes what it is about; of a longer one, its head and what to do at its end are kept.
_LONGEST, _HEAD, _TAIL = 1000, 600, 300

#: Characters that are not shown as they are: controls, ends of lines, halves of characters.
_OBEYED = frozenset({"Cc", "Zl", "Zp", "Cs"})

#: What turns the text that follows it.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class LeafletsError(Exception):
    """Say what is wrong, where, and what to do, in one sentence; never a traceback."""

    exit_code: ExitCode = ExitCode.INPUT

    def __init__(self, message: str) -> None:
        """Take the sentence; whatever it quotes, it stays one line that no terminal obeys."""
        if len(message) > _LONGEST:
            message = f"{message[:_HEAD]} … {message[-_TAIL:]}"
        super().__init__("".join(map(_shown, message)))


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


def _shown(char: str) -> str:
    if char in _TURNING or unicodedata.category(char) in _OBEYED:
        return char.encode("unicode_escape").decode()
    return char
