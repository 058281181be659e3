"""Resource types that stock moto accepts and does not make."""

from moto.cloudformation import parsing

from . import (  # noqa: F401  each defines its types
    config,
    monitoring,
    optional,
    organization,
    policies,
    security,
)

# moto has listed the types that it knows before these came.
for listing in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
    listing.cache_clear()
