"""What AWS publishes about resource types, as cfn-lint carries it: which properties there are, and what a change of one does.

Read as it is asked for: the whole would take longer than a test.
"""

import functools
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_SCHEMAS = Path(find_spec("cfnlint").origin).parent / "data" / "schemas"  # type: ignore[union-attr,arg-type]


@functools.cache
def _index(region: str) -> dict[str, str]:
    return json.loads((_SCHEMAS / "providers" / f"{region}.json").read_text())


@functools.cache
def schema(kind: str, region: str) -> dict[str, Any]:
    """A type's schema; an empty one for a type that has none, such as one of somebody's own."""
    digest = _index(region).get(kind)
    return json.loads((_SCHEMAS / "resources" / f"{digest}.json").read_text()) if digest else {}


def recreation(kind: str, region: str, name: str) -> str:
    """`Always`, `Conditionally` or `Never`: whether a change of this property makes the resource anew."""
    described, pointer = schema(kind, region), f"/properties/{name}"
    if pointer in described.get("createOnlyProperties", []):
        return "Always"
    return "Conditionally" if pointer in described.get("conditionalCreateOnlyProperties", []) else "Never"
