"""Problems in SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a change."""

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from leaflets.editions.codes import CODES
from leaflets.problem import Code, Problem

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def document(problems: Sequence[Problem]) -> Mapping[str, object]:
    """Write problems as one run of one tool; rules are the codes that occur, in their order."""
    codes = {problem.code for problem in problems}
    rules = [name for name in CODES if name in codes]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Leaflets",
                        "version": version("leaflets"),
                        "rules": [_rule(CODES[name]) for name in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem, rules.index(problem.code)) for problem in problems],
            }
        ],
    }


def _rule(code: Code) -> Mapping[str, object]:
    return {
        "id": code.id,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.why},
        "help": {"text": code.remedy},
        "defaultConfiguration": {"level": code.severity.value},
    }


def _result(problem: Problem, rule: int) -> Mapping[str, object]:
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": problem.severity.value,
        "message": {"text": problem.sentence()},
        "locations": [_location(problem)],
        "partialFingerprints": {"leaflets/v1": _fingerprint(problem)},
    }


def _location(problem: Problem) -> Mapping[str, object]:
    place: dict[str, object] = {"logicalLocations": [{"fullyQualifiedName": problem.place()}]}
    if problem.file:
        physical: dict[str, object] = {"artifactLocation": {"uri": problem.file}}
        if problem.line:
            physical["region"] = {"startLine": problem.line}
        place["physicalLocation"] = physical
    return place


def _fingerprint(problem: Problem) -> str:
    """Identify a finding whatever line it has moved to."""
    same = "\0".join((problem.code, problem.leaflet, problem.language, problem.where, problem.text))
    return hashlib.sha256(same.encode()).hexdigest()[:32]
