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

#: Characters that are not shown as they are: controls, ends of lines, halves of characters, and
#: what turns text or is not seen, so that it is seen why it was refused. Joiners form letters.
_UNSHOWN = frozenset({"Cc", "Zl", "Zp", "Cs", "Cf", "Co"})
_JOINERS = frozenset("\u200c\u200d")

#: The same, though Unicode counts them as letters, marks and signs.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")


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
    unshown = unicodedata.category(char) in _UNSHOWN and char not in _JOINERS
    if unshown or char in _BLANK:
        return char.encode("unicode_escape").decode()
    return char
