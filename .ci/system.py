"""Find what Leaflets needs from the machine; install what is missing with apt, or say how to.

Usage: system.py [test]; with test, what the tests need is looked for as well.

What it needs is known to `leaflets/machine.py`, which `leaflets doctor` reads as well.
"""

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The module alone: the package around it needs what is not installed yet.
sys.path.insert(0, str(ROOT / "leaflets"))
import machine  # noqa: E402 - see above
from machine import Part  # noqa: E402 - see above

#: What the tests need besides: a real browser.
TEST_TOOLS = {"chromium": "chromium"}


def missing_parts(*, tests: bool) -> list[Part]:
    """List what the machine lacks, in the order in which it is needed."""
    browser = TEST_TOOLS.items() if tests else ()
    return [
        *_missing_venv(),
        *machine.missing_libraries(),
        *machine.missing_tools(),
        *machine.missing_fonts(_fonts()),
        *(Part(name, package) for name, package in browser if shutil.which(name) is None),
    ]


def _missing_venv() -> Iterator[Part]:
    importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        yield Part("Python's venv with pip", f"python{version}-venv")


def _fonts() -> Iterator[tuple[str, str]]:
    listed = tomllib.loads((ROOT / "templates" / "fonts.toml").read_text("utf-8"))
    for family in listed["family"].values():
        for file in family["files"]:
            yield file, family["package"]


def _apt_as_root() -> list[str] | None:
    """Return the words that run apt-get with the right to install, or None without that right."""
    apt = shutil.which("apt-get")
    if apt is None:
        return None
    # A new machine may still be installing its updates: wait for it instead of failing.
    command = ["env", "DEBIAN_FRONTEND=noninteractive", apt, "-o", "DPkg::Lock::Timeout=300"]
    if os.geteuid() == 0:
        return command
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    allowed = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)  # noqa: S603 - fixed words
    return [sudo, "-n", *command] if allowed.returncode == 0 else None


def _install(apt: list[str], packages: list[str]) -> bool:
    """Update apt's lists and install; show what apt said only when it fails."""
    steps = [["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]]
    for step in steps:
        # Only words of this file and of fonts.toml reach the command, and no shell reads them.
        done = subprocess.run(  # noqa: S603 - see above
            [*apt, *step], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        if done.returncode != 0:
            sys.stderr.write(done.stdout.decode("utf-8", "replace"))
            return False
    return True


def _refuse(missing: list[Part], reason: str) -> int:
    """Say what is missing, why it was not installed, and what to type; return the exit code."""
    names = ", ".join(part.name for part in missing)
    lines = [f"Leaflets needs parts that this machine lacks: {names}.", reason]
    if shutil.which("apt-get"):
        lines += ["", f"    {machine.install_command(missing)}", ""]
    sys.stderr.write("\n".join(lines) + "\n")
    return 1


def main(arguments: list[str]) -> int:
    """Make the machine ready, with "test" for the tests too; return the exit code."""
    tests = "test" in arguments
    missing = missing_parts(tests=tests)
    if not missing:
        return 0
    if shutil.which("apt-get") is None:
        return _refuse(missing, "There is no apt-get here; docs/install.md says what to install.")
    apt = _apt_as_root()
    if apt is None:
        return _refuse(missing, "Run this as an administrator, then make again:")
    packages = sorted({part.package for part in missing})
    sys.stdout.write(f"Installing system packages with apt: {' '.join(packages)}\n")
    sys.stdout.flush()
    if not _install(apt, packages):
        return _refuse(missing, "apt-get failed, see above. Try it by hand, then make again:")
    still = missing_parts(tests=tests)
    if still:
        return _refuse(still, "apt-get installed its packages, but this Python cannot find them.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
