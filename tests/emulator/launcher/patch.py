"""The one way in which moto is changed."""

import inspect
from collections.abc import Callable
from typing import Any

Function = Callable[..., Any]


def replaces(owner: Any, name: str) -> Callable[[Function], Function]:
    """Replaces `owner.name`; the new function is called with the old one as its first argument.

    What is replaced must exist: a moto that differs fails here, at the start, and not in some test.
    """
    original = getattr(owner, name)

    def decorate(function: Function) -> Function:
        def replacement(*args: Any, **kwargs: Any) -> Any:
            return function(original, *args, **kwargs)

        replacement.__name__ = name
        # A class method's original is bound already, so what replaces it takes no class.
        bound = inspect.ismethod(original)
        setattr(owner, name, staticmethod(replacement) if bound else replacement)
        return function

    return decorate


def adds(response: type) -> Callable[[Function], Function]:
    """Adds an operation that moto does not have to the class that answers a service's requests.

    The function's name is the operation's, in snake case. An operation that moto has meanwhile is refused: then
    this one has to go.
    """

    def decorate(function: Function) -> Function:
        if hasattr(response, function.__name__):
            raise RuntimeError(f"moto has its own {response.__name__}.{function.__name__}")
        setattr(response, function.__name__, function)
        return function

    return decorate
