"""Begin languages, and pass catalogs to other programs and people and back."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from leaflets import files
from leaflets.catalogs import begin, binary, merge, po
from leaflets.catalogs.exchange import handover
from leaflets.catalogs.exchange.handover import Form
from leaflets.catalogs.exchange.unit import Intake
from leaflets.checks import catalog
from leaflets.cli.report import problem_groups, write_json
from leaflets.compose.notes import Notebook
from leaflets.errors import ExitCode
from leaflets.library import load
from leaflets.library.languages import Language, with_catalogs
from leaflets.library.load import Library
from leaflets.render import needs


def add(tag: str, *, autonym: str, clinic: Path | None) -> None:
    """Begin a language in the library, or in a clinic folder."""
    merge.msgmerge()  # says if it is missing, before anything is read
    library = load.load(clinic)
    root = clinic.resolve() / "locales" if clinic else library.roots.locales[-1]
    begun = begin.beginning(library, root, tag, Notebook(library).notes, autonym=autonym)
    files.write_together(begun.files)
    for path in begun.files:
        typer.echo(path.relative_to(root))
    typer.echo(
        f"{begun.language.name} is begun in {root}. Translate the files in"
        f" {po.folder(tag)}/LC_MESSAGES, then print it with: leaflets build -l {tag}"
    )


def compiled(tags: Sequence[str], output: Path) -> None:
    """Write the MO files of some languages, or of all that have catalogs."""
    library = load.load(None)
    found = [
        one
        for language in with_catalogs(library.languages, tags)
        for one in binary.compiled(library, language)
    ]
    files.prepare(output)
    for one in found:
        files.write(output, one.file, one.data)
        left = f", {one.left_out} left out" if one.left_out else ""
        typer.echo(f"{one.file}: {one.messages} messages{left}")


def exported(
    tag: str,
    leaflets: Sequence[str],
    *,
    form: Form,
    output: Path,
    clinic: Path | None,
    as_json: bool,
) -> None:
    """Write the messages of some leaflets in one language, and those they share, as one file."""
    library = load.load(clinic)
    (language,) = with_catalogs(library.languages, [tag])
    if form == "html":
        needs.look([library], [tag])
    units = handover.chosen(library, language, leaflets, Notebook(library).notes)
    pictures = _pictures(library, language, leaflets) if form == "html" else {}
    templates = library.roots.templates
    data = handover.written(language, units, form, templates=templates, pictures=pictures)
    name = handover.file_name(language, leaflets, form)
    files.prepare(output)
    files.write(output, name, data)
    if as_json:
        write_json({"file": str(output / name), "units": len(units)})
    else:
        typer.echo(f"{output / name}: {len(units)} texts")


def _pictures(library: Library, language: Language, leaflets: Sequence[str]) -> Mapping[str, bytes]:
    from leaflets.editions.illustrating import pictures_of_messages  # noqa: PLC0415 - the typesetter; most need none

    return pictures_of_messages(library, language, leaflets)


def imported(file: Path, *, clinic: Path | None, as_json: bool) -> ExitCode:
    """Take target texts from a file; write all catalogs that they change, or none."""
    library = load.load(clinic)
    language, taken = handover.taken_in(library, file)
    if not taken.refused:
        files.write_together(taken.files)
    problems = list(catalog.check(library, language))
    if as_json:
        write_json(
            {
                "language": language.tag,
                "changed": taken.changed,
                "fuzzy": taken.fuzzy,
                "refused": taken.refused,
                "files": [str(path) for path in taken.files],
                "problems": problems,
            }
        )
    else:
        _show(language, taken)
        for line in problem_groups(problems):
            typer.echo(line)
    return ExitCode.INPUT if taken.refused else ExitCode.OK


def _show(language: Language, taken: Intake) -> None:
    for refusal in taken.refused:
        typer.echo(f"refused: {refusal.sentence()}")
    for name in taken.fuzzy:
        typer.echo(f"{name} came back as it was and stays fuzzy; confirm it in a PO editor.")
    for path in taken.files:
        typer.echo(str(path))
    if taken.refused:
        typer.echo(f"Nothing was written: {len(taken.refused)} texts are refused.")
    else:
        typer.echo(f"{language.name}: {len(taken.changed)} texts changed.")
