#!/usr/bin/env python3
"""Writes what avm knows of resource types, from the schemas that AWS publishes and cfn-lint carries.

    .venv/bin/python ci/resource-types.py

cfn-lint is pinned in ci/requirements.txt. The files have one type in a line, fields between tabs, sorted.

- src/template/replacement.tsv: TYPE, createOnlyProperties, conditionalCreateOnlyProperties
- src/policy/handlers.tsv: TYPE, then SERVICE:ACTION,ACTION for each service whose actions its handlers call
- src/policy/readers.tsv: TYPE, then the same for its read handler, a column with `|`, the same for its list handler
"""

import json
from pathlib import Path

import cfnlint

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = Path(cfnlint.__file__).parent / "data" / "schemas"
# The region with the most types.
INDEX = json.loads((SCHEMAS / "providers" / "us-east-1.json").read_text())


def schema(digest: str) -> dict:
    return json.loads((SCHEMAS / "resources" / f"{digest}.json").read_text())


def paths(pointers: list[str]) -> str:
    return " ".join(sorted({pointer.removeprefix("/properties/") for pointer in pointers}))


def permissions(described: dict, wanted: set[str]) -> list[str]:
    """What these handlers call."""
    services: dict[str, set[str]] = {}
    for name, handler in described.get("handlers", {}).items():
        for action in handler.get("permissions", []) if name in wanted else []:
            service, _, word = action.strip().partition(":")
            services.setdefault(service.lower(), set()).add(word)
    return [f"{service}:{','.join(sorted(words))}" for service, words in sorted(services.items())]


def tables() -> dict[Path, str]:
    """All files, as they should be."""
    replacement, handlers, readers = [], [], []
    for name, digest in sorted(INDEX.items()):
        described = schema(digest)
        always = paths(described.get("createOnlyProperties", []))
        maybe = paths(described.get("conditionalCreateOnlyProperties", []))
        replacement.append("\t".join([name, always, maybe]))
        # No deployment lists.
        deploying = permissions(described, {"create", "read", "update", "delete"})
        handlers.append("\t".join([name, *deploying]))
        read, listed = permissions(described, {"read"}), permissions(described, {"list"})
        readers.append("\t".join([name, *read, "|", *listed]))
    return {
        ROOT / "src/template/replacement.tsv": "\n".join(replacement) + "\n",
        ROOT / "src/policy/handlers.tsv": "\n".join(handlers) + "\n",
        ROOT / "src/policy/readers.tsv": "\n".join(readers) + "\n",
    }


def main() -> None:
    for path, text in tables().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
