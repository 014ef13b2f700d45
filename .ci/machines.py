"""Run both commands of README on bare Debian systems, made for it, and write down what came of it.

Usage: machines.py [--only SYSTEM[/USER]]... [--build-only]

A system begins with Python, make, git, certificates, and a clean clone of HEAD. Its packages come
from where this machine's apt and pip fetch theirs; no address stands in this file. Root needs
nothing else. An ordinary user is refused first, lets an administrator run the command that was
printed, and goes on. What cannot be done is a failure, and its reason stands in the table.

Into dist/machines/ go a log of each system, what was printed there, and table.md. When every system
has been through both commands at the same commit, the table goes into docs/install.md as well.
"""

import argparse
import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import pypdfium2
from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "dist" / "machines"
INSTALLING = ROOT / "docs" / "install.md"

#: Each system, and what Debian's archive calls it. The others are compared with the first.
SYSTEMS = {"debian-12": "bookworm", "debian-13": "trixie"}
USERS = ("root", "user")
#: All that a system begins with, besides Debian's own base.
BARE = "python3,make,git,ca-certificates"
#: What this machine needs to make systems, and the Debian package that brings it.
TOOLS = {"mmdebstrap": "mmdebstrap", "unshare": "util-linux", "chroot": "coreutils"}
#: Minutes after which a command is taken to hang.
LIMIT = 90

BEGIN = "<!-- machines: written by make machines -->"
END = "<!-- end of machines -->"

#: How pip, and whatever speaks TLS, are told where to fetch from.
_CLIENT = re.compile(r"PIP_\w+|SSL_CERT_\w+|\w+_CA_BUNDLE|\w+_proxy", re.IGNORECASE)
#: How apt is told to reach its archive.
_APT = re.compile(r"Acquire::(?:https?|Check-|Retries|Force)")
_PASSED = re.compile(r"^=*\s*(\d+ (?:passed|failed).*?) in [\d.]+s", re.MULTILINE)
_APT_COMMAND = re.compile(r"^ {4}(.*apt-get install.*)$", re.MULTILINE)
_VERSIONS = """
from leaflets.machine import library_versions
print(library_versions()["pango"], library_versions()["harfbuzz"])
"""
#: Height of a page's foot in points, and dots for a point when pages are drawn to be compared.
_FOOT, _SCALE = 75, 0.75
#: A dot is another one if it differs by so many of 255 greys, and a page if so many dots do.
_VISIBLE, _DOTS = 96, 40


_NOT_RUN = "not run"
#: The number of the ordinary user.
_ID = 1000


class FailedError(Exception):
    """A system could not be made, or a command in it failed; the text says which and why."""


class Outcome(msgspec.Struct):
    """What came of both commands on one system for one user, as far as they got."""

    system: str
    user: str
    commit: str
    python: str = ""
    pango: str = ""
    harfbuzz: str = ""
    editions: int = 0
    compared: str = ""
    tests: str = ""
    build_minutes: float = 0
    test_minutes: float = 0
    failure: str = ""


class System(NamedTuple):
    """A system that was made: where it lies, whose it is, what it sees of this machine, its log."""

    root: Path
    user: str
    seen: Mapping[Path, str]
    environment: Mapping[str, str]
    log: Path

    def home(self, user: str) -> str:
        """Name the user's home folder inside the system."""
        return "/root" if user == "root" else f"/home/{user}"

    def clone(self) -> Path:
        """Return the path, on this machine, of the clone in which the commands run."""
        return self.root / self.home(self.user).lstrip("/") / "leaflets"

    def run(self, command: str, *, user: str = "", answer: str = "") -> tuple[int, str]:
        """Run a command in the clone; return its exit code, and all that it said.

        Its mounts and processes live in namespaces of their own and end with it.
        """
        user = user or self.user
        variables = {
            **self.environment,
            "HOME": self.home(user),
            "USER": user,
            "LANG": "C.UTF-8",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        }
        inside = f"cd {self.home(self.user)}/leaflets && {{ {command}; }}"
        entry = ["chroot", f"--userspec={user}:{user}", str(self.root), "/usr/bin/env", "-i"]
        entry += [f"{name}={text}" for name, text in variables.items()] + ["/bin/sh", "-c", inside]
        script = "\n".join(["set -e", *_mounts(self), f"exec {shlex.join(entry)}"])
        namespace = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-c"]
        with self.log.open("a+b") as log:
            log.write(f"\n$ {command}    # as {user}\n".encode())
            log.flush()
            start = log.tell()
            with tempfile.TemporaryFile() as typed:
                typed.write(answer.encode())
                typed.seek(0)
                try:
                    code = subprocess.run(  # noqa: S603 - every word is quoted above
                        [*namespace, script],
                        stdin=typed,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        timeout=LIMIT * 60,
                        check=False,
                    ).returncode
                except subprocess.TimeoutExpired:
                    code = 124
                    os.write(log.fileno(), f"Stopped after {LIMIT} minutes.\n".encode())
            log.seek(start)
            return code, log.read().decode("utf-8", "replace")

    def must(self, command: str, *, user: str = "", answer: str = "") -> str:
        """Run a command and return what it said; raise `FailedError` if it fails."""
        code, said = self.run(command, user=user, answer=answer)
        if code != 0:
            raise FailedError(f"`{command}` as {user or self.user} ended with {code}: {_end(said)}")
        return said


def _end(said: str) -> str:
    """Return the last two lines that a command said, on one line."""
    return " / ".join(line.strip() for line in said.strip().splitlines()[-2:])


def _mounts(system: System) -> Iterator[str]:
    """Yield the shell commands that show a system what it sees of this machine."""
    root = shlex.quote(str(system.root))
    yield f"mount -t proc proc {root}/proc"
    yield f"mount --rbind /sys {root}/sys"
    yield f"mount --rbind /dev {root}/dev"
    yield f"mount -t tmpfs -o mode=1777 shm {root}/dev/shm"  # noqa: S108 - in the system, for itself
    for source, place in system.seen.items():
        target = shlex.quote(f"{system.root}{place}")
        empty = "mkdir -p" if source.is_dir() else "touch"
        yield f"mkdir -p {shlex.quote(str(Path(f'{system.root}{place}').parent))}"
        yield f"[ -e {target} ] || {empty} {target}"
        yield f"mount --bind {shlex.quote(str(source))} {target}"


def main(arguments: Sequence[str]) -> int:
    """Make each system asked for and run both commands there; return 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="make machines", description="See docs/install.md.")
    parser.add_argument("--only", action="append", default=[], metavar="SYSTEM[/USER]")
    parser.add_argument("--build-only", action="store_true", help="run make build, not make test")
    options = parser.parse_args(arguments)
    wanted = [
        (system, user)
        for system in SYSTEMS
        for user in USERS
        if not options.only or {system, f"{system}/{user}"} & set(options.only)
    ]
    if not wanted:
        names = ", ".join(f"{system}/{user}" for system in SYSTEMS for user in USERS)
        parser.error(f"there is no such system: name one of {names}")
    try:
        _ready()
    except FailedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    outcomes = [_tried(system, user, test=not options.build_only) for system, user in wanted]
    _write_table()
    return 1 if any(outcome.failure for outcome in outcomes) else 0


def _ready() -> None:
    """Raise `FailedError` if this machine cannot make systems, and say what it lacks."""
    if os.geteuid() != 0:
        raise FailedError("Making systems needs an administrator: sudo make machines")
    missing = sorted({package for tool, package in TOOLS.items() if shutil.which(tool) is None})
    if missing:
        names = " ".join(missing)
        raise FailedError(f"Making systems needs a tool: apt-get install {names}")
    RESULTS.mkdir(parents=True, exist_ok=True)


def _tried(name: str, user: str, *, test: bool) -> Outcome:
    """Run both commands on a new system; keep and return what came of it, a failure included."""
    outcome = Outcome(
        name, user, _said(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]).strip()
    )
    folder = RESULTS / f"{name}-{user}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    sys.stdout.write(f"{name}, {user}: {folder}/log\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="leaflets-machine-") as place:
        try:
            system = _made(name, user, Path(place) / "root", folder / "log")
            _build(system, outcome)
            shutil.copytree(system.clone() / "build", folder / "build")
            if test:
                _test(system, outcome)
            else:
                outcome.tests = _NOT_RUN
        except FailedError as error:
            outcome.failure = str(error)
    (folder / "outcome.json").write_bytes(msgspec.json.encode(outcome))
    sys.stdout.write(f"{name}, {user}: {outcome.failure or outcome.tests}\n")
    sys.stdout.flush()
    return outcome


def _made(name: str, user: str, root: Path, log: Path) -> System:
    """Make a bare system with a clean clone of HEAD in the home folder of the user."""
    root.mkdir()
    root.parent.chmod(0o755)  # an ordinary user must be able to reach its own root
    options = root.parent / "apt.conf"
    options.write_text(_apt_options(), encoding="utf-8")
    words = ["--quiet", "--variant=apt", f"--include={BARE}", f"--aptopt={options}"]
    _said(["mmdebstrap", *words, SYSTEMS[name], str(root), *_archive(SYSTEMS[name])])
    system = System(root, user, dict(_seen(user)), dict(_environment()), log)
    _said(["git", "clone", "--quiet", "--no-local", str(ROOT), str(system.clone())])
    if user != "root":
        _add_user(root, user)
    return system


def _add_user(root: Path, user: str) -> None:
    """Enter an ordinary user, whose home folder is there; a bare system may lack useradd."""
    for file, line in (
        ("passwd", f"{user}:x:{_ID}:{_ID}::/home/{user}:/bin/sh\n"),
        ("group", f"{user}:x:{_ID}:\n"),
    ):
        with (root / "etc" / file).open("a", encoding="utf-8") as listed:
            listed.write(line)
    _said(["chown", "-R", f"{_ID}:{_ID}", str(root / "home" / user)])


def _archive(codename: str) -> Iterator[str]:
    """Yield sources of a Debian release, at the addresses that this machine's apt has for its own.

    Raises `FailedError` if this machine fetches no Debian.
    """
    form = "$(ORIGIN)|$(LABEL)|$(REPO_URI)"
    known = _said(["apt-get", "indextargets", "--format", form, "Identifier: Packages"])
    addresses = {tuple(line.split("|")[:2]): line.split("|")[2] for line in known.splitlines()}
    main, security = (
        addresses.get(("Debian", "Debian")),
        addresses.get(("Debian", "Debian-Security")),
    )
    if main is None:
        raise FailedError("apt of this machine has no Debian archive: add one, and apt-get update")
    yield f"deb {main} {codename} main"
    yield f"deb {main} {codename}-updates main"
    if security is not None:
        yield f"deb {security} {codename}-security main"


def _apt_options() -> str:
    """Return what this machine's apt is told of the way to its archives, as lines of apt.conf."""
    lines = _said(["apt-config", "dump"]).splitlines()
    return "".join(f"{line}\n" for line in lines if _APT.match(line))


def _environment() -> Iterator[tuple[str, str]]:
    """Yield the variables that tell clients of this machine where to fetch from."""
    yield "DEBIAN_FRONTEND", "noninteractive"
    yield from ((name, text) for name, text in os.environ.items() if _CLIENT.fullmatch(name))


def _seen(user: str) -> Iterator[tuple[Path, str]]:
    """Yield the files and folders that this machine's pip is led to, and where the system has them.

    These are pip's configuration files, and each path that they or the environment name. What lies
    in our home folder is put into the user's.
    """
    pip = [sys.executable, "-m", "pip"]
    listed = re.findall(r"^ +(/.+), exists: True$", _said([*pip, "config", "debug"]), re.MULTILINE)
    lines = _said([*pip, "config", "list"]).splitlines()
    values = [ast.literal_eval(line.partition("=")[2]) for line in lines]
    named = " ".join([*values, *(text for _, text in _environment())]).split()
    for path in sorted({*map(Path, listed), *_paths(named)}):
        if path.exists():
            home, inside = str(Path.home()), str(path)
            if user != "root" and path.is_relative_to(home):
                inside = f"/home/{user}{inside.removeprefix(home)}"
            yield path, inside


def _paths(words: Iterable[str]) -> Iterator[Path]:
    """Yield the folders and files that words of a configuration name, as paths or file:// URLs."""
    for word in words:
        path = Path(word.removeprefix("file://"))
        if path.is_absolute():
            # An index of packages lies in a folder "simple", with links to the files beside it.
            yield path.parent if path.name == "simple" else path


def _build(system: System, outcome: Outcome) -> None:
    """Run `make build`; for a user without rights, once more after the administrator's turn."""
    started = time.monotonic()
    if system.user != "root":
        _administered(system, "make build")
    system.must("make build")
    outcome.build_minutes = (time.monotonic() - started) / 60
    outcome.python = system.must("python3 --version").removeprefix("Python ").strip()
    outcome.pango, outcome.harfbuzz = system.must(
        f".venv/bin/python -c {shlex.quote(_VERSIONS)}"
    ).split()
    catalogue = system.clone() / "build" / "catalogue.json"
    outcome.editions = len(msgspec.json.decode(catalogue.read_bytes())["editions"])


def _test(system: System, outcome: Outcome) -> None:
    """Run `make test`; for a user without rights, once more after the administrator's turn."""
    started = time.monotonic()
    if system.user != "root":
        _administered(system, "make test")
    code, said = system.run("make test")
    outcome.test_minutes = (time.monotonic() - started) / 60
    counted = _PASSED.findall(said)
    outcome.tests = counted[-1] if counted else ""
    if code != 0 or not counted:
        raise FailedError(f"`make test` ended with {code}: {outcome.tests or _end(said)}")


def _administered(system: System, command: str) -> None:
    """Check that a command stops for lack of rights, and run as root what it says to run."""
    code, said = system.run(command)
    printed = _APT_COMMAND.search(said)
    if code == 0 or printed is None:
        raise FailedError(f"`{command}` as {system.user} did not stop and print an apt command")
    system.must(printed[1], user="root", answer="y\n")


def _write_table() -> None:
    """Write what is known of all systems; into docs/install.md if it is complete."""
    outcomes = list(_outcomes())
    _compare(outcomes)
    table = "\n".join(_table(outcomes)) + "\n"
    (RESULTS / "table.md").write_text(table, encoding="utf-8")
    sys.stdout.write(table)
    complete = len(outcomes) == len(SYSTEMS) * len(USERS) and all(
        outcome.tests != _NOT_RUN and not outcome.failure for outcome in outcomes
    )
    if complete and len({outcome.commit for outcome in outcomes}) == 1:
        before, _, rest = INSTALLING.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        INSTALLING.write_text(f"{before}{BEGIN}\n{table}{END}{after}", encoding="utf-8")


def _outcomes() -> Iterator[Outcome]:
    for system in SYSTEMS:
        for user in USERS:
            kept = RESULTS / f"{system}-{user}" / "outcome.json"
            if kept.exists():
                yield msgspec.json.decode(kept.read_bytes(), type=Outcome)


def _table(outcomes: Iterable[Outcome]) -> Iterator[str]:
    headings = ("system", "user", "Python", "Pango", "HarfBuzz", "editions")
    more = ("beside Debian 12", "tests", "minutes to build, to test", "commit")
    yield "| " + " | ".join((*headings, *more)) + " |"
    yield "|" + "---|" * len((*headings, *more))
    known = {(outcome.system, outcome.user): outcome for outcome in outcomes}
    for system in SYSTEMS:
        for user in USERS:
            outcome = known.get((system, user)) or Outcome(system, user, "", failure=_NOT_RUN)
            yield f"| {' | '.join(_row(outcome))} |"


def _row(outcome: Outcome) -> tuple[str, ...]:
    return (
        outcome.system.replace("-", " ").title(),
        outcome.user,
        outcome.python,
        outcome.pango,
        outcome.harfbuzz,
        str(outcome.editions),
        outcome.compared,
        outcome.failure.replace("|", "\\|") or outcome.tests,
        f"{outcome.build_minutes:.1f}, {outcome.test_minutes:.1f}",
        outcome.commit,
    )


def _compare(outcomes: Iterable[Outcome]) -> None:
    """Say of each system how what it printed differs from what root printed on the first."""
    first = RESULTS / f"{next(iter(SYSTEMS))}-{USERS[0]}" / "build"
    for outcome in outcomes:
        folder = RESULTS / f"{outcome.system}-{outcome.user}" / "build"
        if folder == first:
            outcome.compared = "–"
        elif outcome.editions and first.exists():
            outcome.compared = _difference(first, folder)


def _difference(first: Path, folder: Path) -> str:
    """Count files with other bytes, and pages that look different, the code apart."""
    theirs, ours = _editions(first), _editions(folder)
    if theirs.keys() != ours.keys():
        return f"other editions: {len(theirs.keys() ^ ours.keys())}"
    differ = [file for file in ours if (folder / file).read_bytes() != (first / file).read_bytes()]
    if not differ:
        return "the same bytes"
    pages = 0
    moved: Counter[str] = Counter()
    for file in differ:
        old, new = list(_pictures(first / file)), list(_pictures(folder / file))
        pages += len(new)
        unlike = abs(len(old) - len(new)) + sum(map(_looks_different, old, new))
        moved[ours[file]["language"]] += unlike
    where = ", ".join(f"{language} {count}" for language, count in moved.items() if count)
    said = f"{moved.total()} of {pages} pages look different ({where})" if where else "no page does"
    return f"{len(differ)} files differ in bytes, {said}"


def _editions(folder: Path) -> dict[str, dict[str, str]]:
    """Return the catalogue of an output folder, by file."""
    listed = msgspec.json.decode((folder / "catalogue.json").read_bytes())["editions"]
    return {edition["file"]: edition for edition in listed}


def _pictures(file: Path) -> Iterator[Image.Image]:
    """Draw each page in grey, small, and without its foot, where the code stands."""
    document = pypdfium2.PdfDocument(file)
    try:
        for page in document:
            drawn = page.render(scale=_SCALE, grayscale=True).to_pil()
            yield drawn.crop((0, 0, drawn.width, drawn.height - round(_FOOT * _SCALE)))
    finally:
        document.close()


def _looks_different(old: Image.Image, new: Image.Image) -> bool:
    """Tell whether two pages differ by more than a rounding: a word that moved is 100 dots."""
    if old.size != new.size:
        return True
    return sum(ImageChops.difference(old, new).histogram()[_VISIBLE:]) > _DOTS


def _said(command: Sequence[str]) -> str:
    """Run a command of this machine and return what it wrote; raise `FailedError` if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if done.returncode != 0:
        raise FailedError(
            f"`{shlex.join(command)}` ended with {done.returncode}: {_end(done.stderr)}"
        )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
