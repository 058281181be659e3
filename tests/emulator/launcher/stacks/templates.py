"""A template as data, the way CloudFormation reads it: YAML 1.1 without timestamps, and short forms."""

import copy
import functools
import re
from typing import Any

import yaml
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import Stack

Template = dict[str, Any]

_Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc,valid-type]
    """Reads `2012-10-17` as text, and `!Ref X` as `{"Ref": "X"}`."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Base.yaml_implicit_resolvers.items()
}


def _short_form(loader: Any, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if tag == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _short_form)


@functools.lru_cache(maxsize=64)
def _read(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)  # JSON is YAML


def parse(text: str) -> Template:
    """Reads a template; a copy of its own for each caller, since moto writes into it."""
    try:
        template = copy.deepcopy(_read(text))
    except yaml.YAMLError as error:
        raise ValidationError(message=f"Template format error: YAML not well-formed. {error}") from None
    if not isinstance(template, dict) or not template.get("Resources"):
        raise ValidationError(message="Template format error: At least one Resources member must be defined.")
    return template


Stack.parse_template = staticmethod(parse)  # type: ignore[assignment,method-assign]


def meaning(template: Template) -> Template:
    """What an update can change: all but the words about it, and parameters, which count by their values."""
    words = ("AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules")
    return {section: value for section, value in template.items() if section not in words}


def references(value: Any) -> set[str]:
    """The names that a part of a template refers to."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    names: set[str] = set()
    for key, inner in value.items():
        if key == "Ref":
            names.add(inner)
        elif key == "Fn::GetAtt":
            names.add(inner[0] if isinstance(inner, list) else inner.split(".")[0])
        elif key == "Fn::Sub":
            text = inner if isinstance(inner, str) else inner[0]
            names |= {name.split(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", text)}
            names |= references(inner[1]) if isinstance(inner, list) else set()
        else:
            names |= references(inner)
    return names


def in_order(template: Template) -> list[str]:
    """The resources, each after those that it refers to or depends on."""
    resources = template["Resources"]
    order: list[str] = []
    path: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        if name in path:
            circle = ", ".join(path[path.index(name) :])
            raise ValidationError(message=f"Circular dependency between resources: [{circle}]")
        path.append(name)
        depends = resources[name].get("DependsOn", [])
        before = references(resources[name]) | set([depends] if isinstance(depends, str) else depends)
        for other in sorted(before & set(resources)):
            visit(other)
        path.pop()
        order.append(name)

    for name in resources:
        visit(name)
    return order
