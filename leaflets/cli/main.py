"""The `leaflets` command: its list of commands, and what a failure says to the shell."""

import os
import sys
from collections.abc import Mapping
from typing import Annotated, ClassVar, NoReturn

import typer

from leaflets.cli.group import LazyGroup
from leaflets.errors import ExitCode, LeafletsError

#: Set to 1 to see where in the program something failed.
TRACEBACK = "LEAFLETS_TRACEBACK"


class Commands(LazyGroup):
    """The commands, in the order in which they are listed."""

    package = "leaflets.cli.commands"
    lines: ClassVar[Mapping[str, str]] = {
        "build": "Print leaflets into a folder.",
        "sign": "Sign a leaflet off.",
        "verify": "Verify facts.",
        "accept": "Accept a finding of a check.",
        "status": "Show what stands between each leaflet and its release.",
        "usertest": "Test a leaflet with readers.",
        "due": "List what must be renewed soon.",
        "trace": "Tell what a printed sheet is, by its code.",
        "recall": "Take editions back.",
        "pack": "Pack what was printed into one file, or verify such a pack.",
        "list": "List leaflets, languages, formats and regions.",
        "check": "Check the English, the catalogs, the clinic and the pages.",
        "preview": "Show the printed page while you translate.",
        "desk": "Print handouts from a page in the browser.",
        "personal": "Print a sheet for one patient; keep nothing.",
        "infobutton": "Answer an HL7 Infobutton request.",
        "explain": "Explain the code of a problem.",
        "doctor": "Tell what is missing on this machine.",
        "init": "Start a clinic folder.",
        "translate": "Keep the catalogs of the translators up to date.",
    }


app = typer.Typer(
    name="leaflets",
    cls=Commands,
    help="Print patient handouts in the patient's language, and refuse to print unsafe ones.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[  # noqa: FBT002 - typer makes an option of it
        bool, typer.Option("--version", help="Print the version.", is_eager=True)
    ] = False,
) -> None:
    """Print patient handouts in the patient's language, and refuse to print unsafe ones."""
    if version:
        from importlib.metadata import version as of_package  # noqa: PLC0415 - it takes longer than --help

        typer.echo(f"leaflets {of_package('leaflets')}")
        raise typer.Exit


def main() -> NoReturn:
    """Run the command; every failure is one sentence and an exit code, never a traceback."""
    try:
        code = app(standalone_mode=False) or ExitCode.OK
    except typer.TyperException as error:
        _stop(error.format_message(), ExitCode(error.exit_code))
    except LeafletsError as error:
        _stop(str(error), error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        # The end of the input, or Ctrl-C, at a question; or before a command has begun.
        _stop("Interrupted. Nothing was written.", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # The reader, such as head, has enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.OK)
    except OSError as error:
        _stop(_without_libraries(error), ExitCode.SYSTEM)
    except Exception as error:
        if os.environ.get(TRACEBACK) == "1":
            raise
        _stop(
            f"Leaflets failed: {type(error).__name__}: {error}. Please report it; run again with"
            f" {TRACEBACK}=1 to see where.",
            ExitCode.SYSTEM,
        )
    if code == ExitCode.INTERRUPTED:
        _stop("Interrupted. What was printed so far is whole; build again for the rest.", code)
    sys.exit(code)


def _without_libraries(error: OSError) -> str:
    """Say what to do when a library, most likely Pango, cannot be opened."""
    first = str(error).splitlines()[0]
    return f"{first}\nRun `leaflets doctor` to see what is missing on this machine."


def _stop(message: str, code: ExitCode) -> NoReturn:
    typer.echo(message, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
