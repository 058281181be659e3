"""How a resource type is made known to moto's CloudFormation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel

Properties = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a resource is."""

    account: str
    region: str


Create = Callable[[Place, Properties, str], str]
"""Makes the resource from its properties and a name made up for it; answers its physical id."""
Delete = Callable[[Place, Properties, str], None]
"""Deletes the resource with these properties and this physical id."""
Attribute = Callable[[Place, str], str]
"""What Fn::GetAtt answers, from the physical id."""

_defined: list[type] = []  # moto finds types among the subclasses that are alive


def define(
    type_name: str,
    create: Create,
    delete: Delete | None = None,
    name_property: str = "",
    attributes: dict[str, Attribute] | None = None,
) -> None:
    """Makes a type known. An update deletes the resource and makes it again, under the same name."""

    class Model(CloudFormationModel):
        __module__ = "moto.launcher.models"

        def __init__(self, place: Place, physical_id: str, properties: Properties) -> None:
            self.place, self.physical_resource_id, self.properties = place, physical_id, properties

        @staticmethod
        def cloudformation_name_type() -> str:
            return name_property

        @staticmethod
        def cloudformation_type() -> str:
            return type_name

        @classmethod
        def has_cfn_attr(cls, attr: str) -> bool:
            return attr in (attributes or {})

        def get_cfn_attribute(self, attribute_name: str) -> str:
            attribute = (attributes or {}).get(attribute_name)
            if not attribute:
                raise UnformattedGetAttTemplateException
            return attribute(self.place, self.physical_resource_id)

        @classmethod
        def create_from_cloudformation_json(
            cls,
            resource_name: str,
            cloudformation_json: Any,
            account_id: str,
            region_name: str,
            **_: Any,
        ) -> "Model":
            place, properties = Place(account_id, region_name), cloudformation_json.get("Properties") or {}
            return cls(place, create(place, properties, resource_name), properties)

        @classmethod
        def update_from_cloudformation_json(
            cls,
            original_resource: "Model",
            new_resource_name: str,
            cloudformation_json: Any,
            account_id: str,
            region_name: str,
        ) -> "Model":
            place, properties = original_resource.place, original_resource.properties
            if delete:
                delete(place, properties, original_resource.physical_resource_id)
            try:
                return cls.create_from_cloudformation_json(
                    new_resource_name, cloudformation_json, account_id, region_name
                )
            except Exception:
                # What could not be replaced stays.
                create(place, properties, original_resource.physical_resource_id)
                raise

        def delete(self, account_id: str, region_name: str) -> None:
            if delete:
                delete(self.place, self.properties, self.physical_resource_id)

        def is_created(self) -> bool:
            return True

    Model.__name__ = type_name.replace("::", "")
    _defined.append(Model)


def flag(value: Any, default: bool = False) -> bool:
    """A boolean property, which templates also write as text."""
    return default if value is None else str(value).lower() == "true"
