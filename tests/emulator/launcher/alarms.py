"""CloudWatch's alarms, in the protocol that today's SDKs speak to it: RPC v2 with CBOR, which moto does not know.

`DescribeAlarms` only, from the alarms that moto's own back end has: they are made by the older query protocol.
"""

from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from . import cbor
from .calls import Call

SERVICE = "monitoring"
_PROTOCOL = [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")]


def answers(environ: dict[str, Any]) -> bool:
    """Whether a request is in that protocol."""
    return environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor"


def answer(call: Call, body: bytes) -> tuple[str, list[tuple[str, str]], bytes]:
    """The whole answer to a request: status line, headers, content."""
    if call.operation != "DescribeAlarms":
        refusal = {"__type": "InternalFailure", "message": f"the emulator has no {call.operation}"}
        return "501 Not Implemented", list(_PROTOCOL), cbor.encode(refusal)
    wish = cbor.decode(body)
    names, types = wish.get("AlarmNames", []), wish.get("AlarmTypes", ["MetricAlarm"])
    found: dict[str, list[dict[str, str]]] = {"MetricAlarms": [], "CompositeAlarms": []}
    for alarm in cloudwatch_backends[call.account][call.region].alarms.values():
        kind = "CompositeAlarm" if alarm.rule else "MetricAlarm"
        if kind in types and (not names or alarm.name in names):
            found[f"{kind}s"].append({"AlarmName": alarm.name, "StateValue": alarm.state_value})
    return "200 OK", list(_PROTOCOL), cbor.encode(found)
