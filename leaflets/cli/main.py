"""The `leaflets` command: its arguments, help and exit codes.

Heavy imports stand inside the commands, so that `leaflets --help` answers at once; for the same
reason a command is made when it is used.
"""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from leaflets.cli.lazy import Lazy, Parts
from leaflets.errors import ExitCode, LeafletsError, RequestError


def _examples(*commands: str) -> str:
    """Write the examples of a help text; the mark keeps each on a line of its own."""
    return "\n".join(("\b", "Examples:", *(f"  {command}" for command in commands)))


parts = Parts()


class _Commands(Lazy):
    parts = parts


app = typer.Typer(
    name="leaflets",
    cls=_Commands,
    help="Print patient handouts in the patient's language, and refuse to print unsafe ones.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

#: Set to 1 to see where in the program something failed.
TRACEBACK = "LEAFLETS_TRACEBACK"


class Region(StrEnum):
    """Regions that `init` offers; a test holds that they are those of regions.toml."""

    US = "US"
    GB = "GB"
    ES = "ES"
    AU = "AU"


ClinicOption = Annotated[
    Path | None,
    typer.Option("--clinic", "-c", metavar="FOLDER", help="Clinic folder, with its clinic.toml."),
]
SiteOption = Annotated[
    str, typer.Option("--site", metavar="SITE", help="Which of the sites of the clinic folder.")
]
SitesOption = Annotated[
    list[str] | None,
    typer.Option("--site", metavar="SITE", help="Only this site of the folder; repeat for more."),
]
NameOption = Annotated[str, typer.Option("--name", metavar="NAME", help="Who signs.")]
UntilOption = Annotated[
    str,
    typer.Option("--until", metavar="DAY", help="When it must be checked again, as 2028-01-31."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@parts.command(
    short_help="Print leaflets into a folder.",
    epilog=_examples(
        "leaflets build",
        "leaflets build recovery warning-card -l es -l ar",
        "leaflets build recovery -l ar --with en -f a4-large",
        "leaflets build --clinic our-clinic --output our-clinic/print",
    ),
)
def build(
    leaflets: Annotated[
        list[str] | None,
        typer.Argument(metavar="LEAFLET", help="Leaflets; all if none is named."),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(
            "--language", "-l", metavar="TAG", help="Language, such as es; repeat for more."
        ),
    ] = None,
    sheet: Annotated[
        list[str] | None,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help="Format, such as a4; repeat for more."
        ),
    ] = None,
    beside: Annotated[
        str,
        typer.Option(
            "--with", metavar="TAG", help="A second language below the first, such as en."
        ),
    ] = "",
    crop_marks: Annotated[
        bool, typer.Option("--crop-marks", help="Add crop marks and bleed, for a print shop.")
    ] = False,
    clinic: ClinicOption = None,
    site: SitesOption = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the files go.")
    ] = Path("build"),
    release: Annotated[
        bool,
        typer.Option("--release", help="Print only what is signed off, without the draft mark."),
    ] = False,
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", min=1, help="Processes to use; one per core if not given."),
    ] = os.cpu_count() or 1,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Print on the workers of a Dask scheduler, such as tcp://10.0.0.5:8786.",
        ),
    ] = "",
    cache: Annotated[
        Path | None,
        typer.Option(
            "--cache",
            metavar="FOLDER",
            envvar="LEAFLETS_CACHE",
            help="Where editions are kept, so that only what changed is printed anew.",
        ),
    ] = None,
    cached: Annotated[
        bool, typer.Option("--cached/--no-cache", help="Whether to use a cache.")
    ] = True,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of each edition why it was printed anew.")
    ] = False,
    time_limit: Annotated[
        float,
        typer.Option("--time-limit", min=1, metavar="SECONDS", help="The most for one edition."),
    ] = 120,
    memory_limit: Annotated[
        int,
        typer.Option("--memory-limit", min=64, metavar="MB", help="The most for a process."),
    ] = 2048,
    as_json: JsonOption = False,
) -> None:
    """Print leaflets into a folder, one PDF for each leaflet, language and format.

    Without --clinic, everything is printed for an unnamed clinic, with blanks to write on. With it,
    the clinic's own leaflets, languages and paper are printed; if it has several sites, each into
    a folder of its own. What did not change since it was printed is not made anew. An edition with
    an error is not printed: the file printed before stays, and the command ends with exit code 1.
    """
    from leaflets.cli import building
    from leaflets.compose.plan import Request
    from leaflets.editions.cache import default_folder
    from leaflets.editions.workers import Limits

    code = building.run(
        Request(
            leaflets=tuple(leaflets or ()),
            languages=tuple(language or ()),
            formats=tuple(sheet or ()),
            beside=beside,
            crop_marks=crop_marks,
        ),
        clinic=clinic,
        sites=site or [],
        output=output,
        release=release,
        settings=building.Settings(
            jobs=jobs,
            scheduler=scheduler,
            limits=Limits(time_limit, memory_limit * 1024**2),
            cache=(cache or default_folder()) if cached else None,
        ),
        explain=explain,
        as_json=as_json,
    )
    raise typer.Exit(code)


@parts.command(
    short_help="Sign a leaflet off.",
    epilog=_examples(
        'leaflets sign recovery es --role reviser --name "Ana Ruiz" --until 2028-01-31',
    ),
)
def sign(
    leaflet: Annotated[str, typer.Argument(metavar="LEAFLET", help="The leaflet.")],
    language: Annotated[str, typer.Argument(metavar="TAG", help="The language.")],
    role: Annotated[str, typer.Option("--role", help="As whom: translator, reviser or clinician.")],
    name: NameOption,
    until: UntilOption,
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Approve exactly the text, the facts and the terms that a leaflet has now in a language.

    A release needs a translator, a reviser who is somebody else, and a clinician; English needs a
    clinician. Any change voids an approval. It is kept in locales/TAG/signoff.toml, in the clinic
    folder if one is named.
    """
    from leaflets.cli import signing

    signing.sign(
        leaflet, language, role=role, name=name, until=until, clinic=clinic, as_json=as_json
    )


@parts.command(
    short_help="Verify facts.",
    epilog=_examples(
        'leaflets verify recovery-weeks --name "Dr Lee" --role clinician --until 2028-01-31'
    ),
)
def verify(
    facts: Annotated[list[str], typer.Argument(metavar="FACT", help="Facts of facts.toml.")],
    name: NameOption,
    until: UntilOption,
    role: Annotated[str, typer.Option("--role", help="As whom, such as clinician.")] = "clinician",
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """State that you compared facts with their sources. A change of the fact or source voids it.

    It is kept in templates/signoff.toml, in the clinic folder if one is named.
    """
    from leaflets.cli import signing

    signing.verify(facts, role=role, name=name, until=until, clinic=clinic, as_json=as_json)


@parts.command(
    short_help="Show what stands between each leaflet and its release.",
    epilog=_examples(
        "leaflets status", "leaflets status recovery -l es", "leaflets status --due 90d"
    ),
)
def status(
    leaflets: Annotated[
        list[str] | None,
        typer.Argument(metavar="LEAFLET", help="Leaflets; a summary of all if none is named."),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", "-l", metavar="TAG", help="Language; repeat for more."),
    ] = None,
    due: Annotated[
        str,
        typer.Option("--due", metavar="PERIOD", help="List what must be renewed within 90d."),
    ] = "",
    clinic: ClinicOption = None,
    site: SitesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who has signed what, and word by word what has changed since."""
    from leaflets.cli import signing

    signing.status(
        leaflets or [], language or [], due=due, clinic=clinic, sites=site or [], as_json=as_json
    )


@parts.command(
    short_help="List what must be renewed soon.",
    epilog=_examples("leaflets due 90d", "leaflets due 1y --clinic our-clinic"),
)
def due(
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="Such as 90d, 12w or 1y.")],
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the approvals and verifications that end within a period, the first to end first."""
    from leaflets.cli import signing

    signing.status([], [], due=period, clinic=clinic, sites=[], as_json=as_json)


@parts.command(
    short_help="Tell what a printed sheet is, by its code.",
    epilog=_examples("leaflets trace AQ6-R2YK --clinic our-clinic"),
)
def trace(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code at the foot of the page.")],
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell which leaflet, language and version a sheet is, who signed it, and if it still holds.

    If it was superseded, what changed is shown word by word. A code that nothing is known of ends
    the command with exit code 1.
    """
    from leaflets.cli import tracing

    raise typer.Exit(tracing.run(code, clinic, as_json=as_json))


@parts.command(
    short_help="Take editions back.",
    epilog=_examples(
        'leaflets recall AQ6-R2YK --reason "Wrong telephone number" --name "Dr Lee" -c our-clinic',
        "leaflets recall --list --clinic our-clinic",
    ),
)
def recall(
    codes: Annotated[
        list[str] | None, typer.Argument(metavar="CODE", help="Codes of printed editions.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="What is wrong.")] = "",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Who recalls them.")] = "",
    show: Annotated[bool, typer.Option("--list", help="List what was recalled.")] = False,
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recall editions: they are not printed again until something of them changes.

    A recall is kept in recalls.toml of the clinic folder. `leaflets trace` tells it to everybody
    who asks about a sheet; `leaflets build` takes the file out of the output folder.
    """
    from leaflets.cli import tracing

    if show:
        tracing.recalled(clinic, as_json=as_json)
    elif codes:
        tracing.recall(codes, reason=reason, name=name, clinic=clinic, as_json=as_json)
    else:
        raise RequestError("Name the code of what you recall, or --list.")


@parts.command(
    short_help="Pack what was printed into one file, or verify such a pack.",
    epilog=_examples(
        "leaflets pack -o spring.zip --output-folder our-clinic/print --clinic our-clinic",
        "leaflets pack -o summer.zip --since spring.zip --clinic our-clinic",
        "leaflets pack --verify summer.zip",
    ),
)
def pack(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The zip file to write.")
    ] = Path("leaflets.zip"),
    folder: Annotated[
        Path, typer.Option("--output-folder", metavar="FOLDER", help="Where the files were built.")
    ] = Path("build"),
    since: Annotated[
        Path | None, typer.Option("--since", metavar="FILE", help="The pack to compare with.")
    ] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", metavar="FILE", help="Only verify this pack.")
    ] = None,
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Zip what was printed, with its manifest, SHA256SUMS, and a page that says what has changed.

    The page compares with the pack named by --since, word by word where the ledger of the clinic
    knows the texts. --verify tells whether each file of a pack is what its manifest says, and ends
    with exit code 1 if not; nothing is unpacked.
    """
    from leaflets.cli import packing

    if verify:
        raise typer.Exit(packing.verify(verify, as_json=as_json))
    packing.run(output, folder, since=since, clinic=clinic, as_json=as_json)


@parts.command(
    name="list",
    short_help="List leaflets, languages, formats and regions.",
    epilog=_examples("leaflets list", "leaflets list --clinic our-clinic --json"),
)
def list_(clinic: ClinicOption = None, as_json: JsonOption = False) -> None:
    """List the leaflets, languages, formats and regions, by the names that `build` takes."""
    from leaflets.cli import showing

    showing.library(clinic, as_json=as_json)


@parts.command(
    short_help="Check the English, the catalogs, the clinic and the pages.",
    epilog=_examples(
        "leaflets check", "leaflets check -l es --quick", "leaflets check --format sarif"
    ),
)
def check(
    language: Annotated[
        list[str] | None,
        typer.Option(
            "--language", "-l", metavar="TAG", help="Only this language; repeat for more."
        ),
    ] = None,
    clinic: ClinicOption = None,
    site: SitesOption = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Leave out what shows only on a laid-out page."),
    ] = False,
    shown_as: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text, json or sarif.")
    ] = "text",
    as_json: JsonOption = False,
) -> None:
    """Check the English source, every catalog, the clinic's settings and the pages; print nothing.

    Findings come in the order of the page, each with what to do; `leaflets explain CODE` says more.
    A sentence that is too long for its place is found by laying out every page.
    """
    from leaflets.cli import checking

    shown_as = "json" if as_json else shown_as
    raise typer.Exit(
        checking.run(language or [], clinic, site or [], shown_as=shown_as, quick=quick)
    )


@parts.command(
    short_help="Show the printed page while you translate.",
    epilog=_examples("leaflets preview", "leaflets preview recovery --locale es"),
)
def preview(
    leaflet: Annotated[
        str, typer.Argument(metavar="[LEAFLET]", help="The leaflet to begin with.")
    ] = "",
    locale: Annotated[
        str, typer.Option("--locale", "-l", metavar="TAG", help="The language to begin with.")
    ] = "",
    sheet: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="The format to begin with.")
    ] = "",
    clinic: ClinicOption = None,
    site: SiteOption = "",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port; a free one if not given.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the browser.")
    ] = False,
) -> None:
    """Open a page in the browser that shows the printed page, and prints it anew at each save.

    Click a sentence to see its English, its state and what is wrong with it, and to translate it.
    It works on this computer only: nothing is sent anywhere.
    """
    from leaflets.cli import previewing

    previewing.run(
        leaflet, locale, sheet, clinic=clinic, site=site, port=port, browser=not no_browser
    )


@parts.command(
    short_help="Print handouts from a page in the browser.",
    epilog=_examples("leaflets desk --clinic our-clinic"),
)
def desk(
    clinic: ClinicOption = None,
    site: SiteOption = "",
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FOLDER", help="Folder that answers Infobutton."),
    ] = Path("build"),
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Another address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port; a free one if not given.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the browser.")
    ] = False,
) -> None:
    """Open a page to print with: choose the language and the handouts, and get one PDF.

    It works without a network, keeps nothing of the patient, and answers on this computer only;
    with --host, other computers need the whole address that is printed. The clinic's ledger gets
    the edition codes.
    """
    from leaflets.cli import desking

    desking.run(
        clinic=clinic, site=site, output=output, host=host, port=port, browser=not no_browser
    )


@parts.command(
    short_help="Print a sheet for one patient; keep nothing.",
    epilog=_examples(
        "leaflets personal recovery --locale es --output sheet.pdf",
        "leaflets personal preparation -l ar --clinic our-clinic -o - < details.json | lpr",
    ),
)
def personal(
    leaflet: Annotated[str, typer.Argument(metavar="LEAFLET", help="The leaflet.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The PDF to write, or - .")
    ],
    locale: Annotated[
        str, typer.Option("--locale", "-l", metavar="TAG", help="Language, such as es.")
    ] = "en",
    sheet: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="Format; the region's paper.")
    ] = "",
    clinic: ClinicOption = None,
    site: SiteOption = "",
    release: Annotated[
        bool, typer.Option("--release", help="Print only if it is signed off.")
    ] = False,
) -> None:
    """Ask for the patient's days and medicines, or read them as JSON from standard input.

    The recovery sheet then shows real days beside each stage, the preparation sheet the appointment
    and the medicine table that the team decided. Details are never given as arguments, which shells
    remember, and are kept nowhere but on the sheet.
    """
    from leaflets.cli import personally

    code = personally.run(
        leaflet, locale, sheet, clinic=clinic, site=site, output=output, release=release
    )
    raise typer.Exit(code)


@parts.command(
    short_help="Answer an HL7 Infobutton request.",
    epilog=_examples(
        "leaflets infobutton 'mainSearchCriteria.v.c=M80.08XA"
        "&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&informationRecipient.languageCode.c=es'",
    ),
)
def infobutton(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="The query string.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the files are.")
    ] = Path("build"),
    as_json: JsonOption = False,
) -> None:
    """Find leaflets by code and language, as a health record asks for them.

    The answer is an Atom feed, with addresses relative to the output folder; --json for JSON. It
    comes from the catalogue that `leaflets build` writes. Exit code 1: no leaflet answers.
    """
    from leaflets.cli import finding

    raise typer.Exit(finding.infobutton_answer(query, output, as_json=as_json))


@parts.command(
    short_help="Explain the code of a problem.",
    epilog=_examples("leaflets explain PAGE-01", "leaflets explain"),
)
def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A code, such as PAGE-01; all if none.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Explain what the code of a problem means, why it matters, and what to do."""
    from leaflets.cli import showing

    showing.explanation(code, as_json=as_json)


@parts.command(
    short_help="Tell what is missing on this machine.",
    epilog=_examples("leaflets doctor", "leaflets doctor --json"),
)
def doctor(as_json: JsonOption = False) -> None:
    """Tell whether this machine has what Leaflets needs, and the command that installs the rest."""
    from leaflets.cli import examining

    raise typer.Exit(examining.run(as_json=as_json))


@parts.command(
    short_help="Start a clinic folder.",
    epilog=_examples(
        "leaflets init our-clinic",
        'leaflets init our-clinic --name "Hill Street Clinic" --region GB -l en -l ar',
    ),
)
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to make.")],
    name: Annotated[str | None, typer.Option("--name", help="Name of the clinic.")] = None,
    region: Annotated[Region | None, typer.Option("--region", help="Country.")] = None,
    phone: Annotated[
        str | None, typer.Option("--phone", help="Telephone number for patients.")
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", "-l", metavar="TAG", help="Language to print; repeat for more."),
    ] = None,
) -> None:
    """Start a clinic folder with a commented clinic.toml; an existing one is never changed.

    On a terminal it asks for what you do not state; in a script it leaves that out.
    """
    from leaflets.cli import starting

    stated = starting.Settings(name, region and region.value, phone, tuple(language or ()))
    starting.run(folder, stated, ask=sys.stdin.isatty() and sys.stdout.isatty())


translate = typer.Typer(
    name="translate",
    help="Keep the catalogs of the translators up to date.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
parts.add("translate", "Keep the catalogs of the translators up to date.", translate)


@translate.command(
    short_help="Write the template catalogs (POT).",
    epilog=_examples("leaflets translate extract"),
)
def extract() -> None:
    """Write a template catalog (POT) for each leaflet, and one for what they share.

    They go into locales/templates, in the order of the page, without dates or line numbers.
    """
    from leaflets.cli import translating

    translating.extract()


@translate.command(
    short_help="Merge the templates into the catalogs (PO).",
    epilog=_examples("leaflets translate update", "leaflets translate update es ar"),
)
def update(
    language: Annotated[
        list[str] | None, typer.Argument(metavar="TAG", help="Languages; all if none is named.")
    ] = None,
    clinic: ClinicOption = None,
) -> None:
    """Bring catalogs up to date with the templates, and begin those that are missing.

    gettext's msgmerge does it: a sentence that changed keeps its old translation, marked fuzzy,
    with the old English beside it. A fuzzy translation is never printed. A new language is begun
    with `leaflets translate add`. With --clinic, the catalogs of the clinic folder: those of its
    own leaflets and overrides.
    """
    from leaflets.cli import translating

    translating.update(language or [], clinic=clinic)


@translate.command(
    short_help="Begin a language.",
    epilog=_examples(
        "leaflets translate add vi", 'leaflets translate add ht --autonym "Kreyòl ayisyen"'
    ),
)
def add(
    tag: Annotated[str, typer.Argument(metavar="TAG", help="BCP 47 tag, such as vi or pt-BR.")],
    autonym: Annotated[
        str,
        typer.Option("--autonym", metavar="NAME", help="Its name in itself, if CLDR has none."),
    ] = "",
    clinic: ClinicOption = None,
) -> None:
    """Begin a language: its entry in languages.toml, its empty catalogs, and its glossary.

    Names, script and direction come from CLDR, fonts from fonts.toml, plural forms from
    plurals.toml. It is printed only when it is named, until you remove `begun` from its entry. With
    --clinic, everything goes into the clinic folder.
    """
    from leaflets.cli import interchange

    interchange.add(tag, autonym=autonym, clinic=clinic)


class Interchange(StrEnum):
    """Formats that `translate export` writes."""

    XLIFF = "xliff"
    HTML = "html"
    CSV = "csv"


@translate.command(
    short_help="Export texts for a translator or a reviewer.",
    epilog=_examples(
        "leaflets translate export es recovery --format xliff",
        "leaflets translate export ar --format html --output review",
    ),
)
def export(
    tag: Annotated[str, typer.Argument(metavar="TAG", help="The language.")],
    leaflets: Annotated[
        list[str] | None,
        typer.Argument(metavar="LEAFLET", help="Leaflets; all if none is named."),
    ] = None,
    form: Annotated[
        Interchange, typer.Option("--format", "-f", help="What the other side can read.")
    ] = Interchange.XLIFF,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the file goes.")
    ] = Path("build/translate"),
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the texts of leaflets, and those that all leaflets share, for somebody else to work on.

    xliff is XLIFF 2.1 for a translator's program. csv is a table, and html a page that shows each
    sentence beside its English, for a reviewer. The file that comes back goes into
    `leaflets translate import`.
    """
    from leaflets.cli import interchange

    interchange.exported(
        tag, leaflets or [], form=form.value, output=output, clinic=clinic, as_json=as_json
    )


@translate.command(
    name="import",
    short_help="Import what a translator or a reviewer sent back.",
    epilog=_examples("leaflets translate import recovery-es.xlf"),
)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An .xlf, .xliff or .csv file.")],
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the translations out of a file into the catalogs, and nothing else; then check them.

    If one is refused, because it lost a placeholder or its English has changed since, nothing is
    written, and the command ends with exit code 3.
    """
    from leaflets.cli import interchange

    raise typer.Exit(interchange.imported(file, clinic=clinic, as_json=as_json))


@translate.command(
    name="compile",
    short_help="Compile the catalogs (MO) for other programs.",
    epilog=_examples("leaflets translate compile", "leaflets translate compile es -o locale"),
)
def compile_(
    language: Annotated[
        list[str] | None, typer.Argument(metavar="TAG", help="Languages; all if none is named.")
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the MO files go.")
    ] = Path("build/locale"),
) -> None:
    """Write MO files for other programs that use gettext; Leaflets itself does not need them.

    A translation that is fuzzy or damaged is left out, as it is never printed.
    """
    from leaflets.cli import interchange

    interchange.compiled(language or [], output)


@translate.command(
    name="status",
    short_help="Show how far the catalogs are.",
    epilog=_examples("leaflets translate status", "leaflets translate status --json"),
)
def translation_status(as_json: JsonOption = False) -> None:
    """Show how many messages of each language are translated, fuzzy or missing."""
    from leaflets.cli import translating

    translating.status(as_json=as_json)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True)
    ] = False,
) -> None:
    """Print patient handouts in the patient's language, and refuse to print unsafe ones."""
    if version:
        from importlib.metadata import version as of_package

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
