"""IAM Access Analyzer, of which stock moto has nothing: analyzers are kept and listed, and find nothing."""

import json
from collections import defaultdict
from typing import Any

from .calls import Call

Analyzer = dict[str, Any]

SERVICE = "access-analyzer"

_kept: dict[tuple[str, str], dict[str, Analyzer]] = defaultdict(dict)


def create(account: str, region: str, name: str, kind: str, configuration: dict[str, Any]) -> str:
    """Makes an analyzer; answers its ARN."""
    arn = f"arn:aws:access-analyzer:{region}:{account}:analyzer/{name}"
    if arn in _kept[account, region]:
        raise ValueError(f"An analyzer with the name {name} exists already")
    created = "2026-01-01T00:00:00Z"
    analyzer = {"arn": arn, "name": name, "type": kind, "status": "ACTIVE", "createdAt": created}
    _kept[account, region][arn] = analyzer | ({"configuration": configuration} if configuration else {})
    return arn


def delete(account: str, region: str, arn: str) -> None:
    """Deletes an analyzer."""
    del _kept[account, region][arn]


def answer(call: Call, _: bytes) -> tuple[str, list[tuple[str, str]], bytes]:
    """The whole answer to a request: status line, headers, content."""
    headers = [("Content-Type", "application/json")]
    if call.operation != "GET /analyzer":
        text = json.dumps({"message": f"the emulator has no {call.operation}"})
        return "501 Not Implemented", headers, text.encode()
    analyzers = list(_kept[call.account, call.region].values())
    return "200 OK", headers, json.dumps({"analyzers": analyzers}).encode()
