"""A template as data, and what its conditions say in a region."""

from pathlib import Path
from typing import Any

import yaml

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class _Loader(yaml.SafeLoader):
    """Reads `!Ref X` as `{"Ref": "X"}`, and dates as text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _short_form)


def read(name: str) -> dict[str, Any]:
    """The shipped template of this name."""
    return yaml.load((TEMPLATES / name).read_text(), Loader=_Loader)


def holds(template: dict[str, Any], condition: Any, values: dict[str, str]) -> bool:
    """Whether a condition is true; `values` has those of parameters and pseudo parameters."""
    if isinstance(condition, str):
        return holds(template, template["Conditions"][condition], values)
    ((function, inner),) = condition.items()
    if function == "Condition":
        return holds(template, inner, values)
    if function == "Fn::Not":
        return not holds(template, inner[0], values)
    if function == "Fn::And":
        return all(holds(template, part, values) for part in inner)
    if function == "Fn::Or":
        if not 2 <= len(inner) <= 10:
            raise ValueError(f"Fn::Or takes two to ten conditions, not {len(inner)}")
        return any(holds(template, part, values) for part in inner)
    if function == "Fn::Equals":
        left, right = (_value(side, values) for side in inner)
        return left == right
    raise ValueError(f"not a function of conditions: {function}")


def _value(side: Any, values: dict[str, str]) -> str:
    return values[side["Ref"]] if isinstance(side, dict) else str(side)
