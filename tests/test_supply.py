"""The locks and the bill of materials: every package pinned by hash, and named with it."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from leaflets import machine

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> str:
    return made(tmp_path_factory.mktemp("bill") / "leaflets.cdx.json")


def made(file: Path) -> str:
    command = [sys.executable, "-B", ".ci/sbom.py", str(file)]
    subprocess.run(command, cwd=ROOT, check=True)
    return file.read_text("utf-8")


def packages(lock: str) -> Mapping[str, tuple[str, frozenset[str]]]:
    """Map each package of a lock to its version and hashes, read by other means than the script."""
    found: dict[str, tuple[str, set[str]]] = {}
    name = ""
    for line in (ROOT / lock).read_text("utf-8").splitlines():
        if not line.startswith(" "):
            named, _, rest = line.partition("==")
            name = named.partition("[")[0]  # without extras
            found[name] = (rest.split()[0], set())
        else:
            found[name][1].add(line.strip().removesuffix("\\").strip())
    return {name: (version, frozenset(hashes)) for name, (version, hashes) in found.items()}


def components(bill: str) -> Mapping[str, dict[str, Any]]:
    return {one["name"]: one for one in json.loads(bill)["components"]}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_has_a_version_and_hashes_of_sha_256(lock: str) -> None:
    assert len(packages(lock)) > 30
    for version, hashes in packages(lock).values():
        assert re.fullmatch(r"[0-9][0-9a-z.]*", version)
        assert hashes
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_says_where_to_fetch_from(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert "index" not in text
    assert "@" not in text


def test_the_two_locks_pin_what_they_share_alike() -> None:
    run, dev = (packages(lock) for lock in LOCKS)
    assert run.keys() & dev.keys()
    assert all(run[name] == dev[name] for name in run.keys() & dev.keys())


def test_what_the_security_policy_names_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    named = set(re.findall(r"(?:tests|docs|templates)/[a-z_]+\.[a-z]+", text))
    assert len(named) > 10
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_the_bill_is_cyclonedx_1_6(bill: str) -> None:
    assert json.loads(bill)["specVersion"] == "1.6"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None


def test_the_bill_names_each_package_of_the_lock_at_its_version_with_its_hashes(bill: str) -> None:
    listed = components(bill)
    for name, (version, hashes) in packages("requirements.lock").items():
        one = listed[name]
        assert one["version"] == version
        assert one["purl"] == f"pkg:pypi/{name}@{version}"
        assert {hash_["alg"] for hash_ in one["hashes"]} == {"SHA-256"}
        assert {f"--hash=sha256:{hash_['content']}" for hash_ in one["hashes"]} == hashes


def test_the_bill_names_the_licence_of_each_package_that_is_needed_here(bill: str) -> None:
    without = [name for name, one in components(bill).items() if "licenses" not in one]
    elsewhere = ("sys_platform == 'win32'", "platform_python_implementation != 'CPython'")
    for name in without:
        one = components(bill)[name]
        conditions = [property_["value"] for property_ in one.get("properties", [])]
        assert one["purl"].startswith("pkg:deb/") or set(conditions) & set(elsewhere), name


def test_the_bill_names_what_the_machine_must_have(bill: str) -> None:
    fonts = tomllib.loads((ROOT / "templates" / "fonts.toml").read_text("utf-8"))["family"]
    needed = {*machine.LIBRARIES.values(), *machine.TOOLS.values()}
    needed |= {family["package"] for family in fonts.values()}
    system = {name for name, one in components(bill).items() if one["purl"].startswith("pkg:deb/")}
    assert system == needed
    assert all("version" not in components(bill)[name] for name in system)


def test_every_component_is_part_of_leaflets(bill: str) -> None:
    listed = json.loads(bill)
    own = next(one for one in listed["dependencies"] if one["ref"] == "leaflets")
    assert {one["bom-ref"] for one in listed["components"]} == set(own["dependsOn"])


def test_the_same_lock_gives_the_same_bytes(bill: str, tmp_path: Path) -> None:
    assert made(tmp_path / "again.json") == bill
    assert "timestamp" not in bill
    assert "serialNumber" not in bill
    assert str(ROOT) not in bill
