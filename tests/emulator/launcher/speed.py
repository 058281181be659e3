"""What stock moto works out anew for each request, or for nothing: together a third of its time here."""

import functools
from typing import Any

import moto.backends
from moto.core import responses
from moto.kms import models as kms
from moto.kms.utils import KeySpec

from .patch import replaces

# The folders of moto's package: a look at the disk for each, twice in each request.
_modules = tuple(moto.backends.list_of_moto_modules())
# A class's methods. Those that this launcher adds are there before the first request.
_methods = functools.cache(responses.method_names_from_class)


@replaces(moto.backends, "list_of_moto_modules")
def list_of_moto_modules(_original: Any) -> tuple[str, ...]:
    """Looked up once."""
    return _modules


@replaces(responses, "method_names_from_class")
def method_names_from_class(_original: Any, clazz: type) -> list[str]:
    """Looked up once for each class."""
    return _methods(clazz)


@replaces(kms, "generate_private_key")
def generate_private_key(original: Any, key_spec: str) -> Any:
    """None for a symmetric key, which never signs anything: moto makes an RSA key of 2048 bits."""
    return None if key_spec == KeySpec.SYMMETRIC_DEFAULT else original(key_spec)
