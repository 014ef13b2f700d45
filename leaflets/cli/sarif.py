"""Problems in SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a change."""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from leaflets.problem import KINDS, Problem

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def document(problems: Sequence[Problem]) -> Mapping[str, object]:
    """Write problems as one run of one tool; rules are the codes that occur, in their order."""
    rules = [code for code in KINDS if any(one.code == code for one in problems)]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Leaflets",
                        "version": version("leaflets"),
                        "rules": [_rule(code) for code in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, rules.index(one.code)) for one in problems],
            }
        ],
    }


def _rule(code: str) -> Mapping[str, object]:
    kind = KINDS[code]
    return {
        "id": code,
        "shortDescription": {"text": kind.title},
        "fullDescription": {"text": kind.why},
        "help": {"text": kind.remedy},
        "defaultConfiguration": {"level": kind.severity.value},
    }


def _result(one: Problem, rule: int) -> Mapping[str, object]:
    return {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.severity.value,
        "message": {"text": one.sentence()},
        "locations": [_location(one)],
        "partialFingerprints": {"leaflets/v1": _fingerprint(one)},
    }


def _location(one: Problem) -> Mapping[str, object]:
    place: dict[str, object] = {"logicalLocations": [{"fullyQualifiedName": one.place()}]}
    if one.file:
        physical: dict[str, object] = {"artifactLocation": {"uri": one.file}}
        if one.line:
            physical["region"] = {"startLine": one.line}
        place["physicalLocation"] = physical
    return place


def _fingerprint(one: Problem) -> str:
    """Identify a finding whatever line it has moved to."""
    same = "\0".join((one.code, one.leaflet, one.language, one.where, one.text))
    return hashlib.sha256(same.encode()).hexdigest()[:32]
