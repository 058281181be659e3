"""How names are spelled on the wire."""

from typing import Any


def lower_first(value: Any) -> Any:
    """CloudFormation's property names as most services' APIs spell them."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: lower_first(inner) for key, inner in value.items()}
    return [lower_first(inner) for inner in value] if isinstance(value, list) else value
