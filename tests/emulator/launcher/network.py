"""EC2's default VPCs: they have an internet gateway, and nothing that is in use can be deleted.

Stock moto gives a default VPC no gateway, and deletes subnets and gateways from under what uses them.
"""

import threading
from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend

from .patch import replaces

_deleting_vpc = threading.local()


@replaces(EC2Backend, "__init__")
def add_internet_gateway(original: Any, self: EC2Backend, region_name: str, account_id: str) -> None:
    """A region is born with a default VPC that has a way to the internet."""
    original(self, region_name, account_id)
    gateway = self.create_internet_gateway()
    self.attach_internet_gateway(gateway.id, self.default_vpc.id)
    main = self.describe_route_tables(filters={"vpc-id": self.default_vpc.id})[0]
    self.create_route(main.id, "0.0.0.0/0", None, gateway_id=gateway.id)


def _refuse(kind: str, identifier: str) -> None:
    raise DependencyViolationError(f"The {kind} '{identifier}' has dependencies and cannot be deleted.")


@replaces(EC2Backend, "delete_vpc")
def delete_vpc(original: Any, self: EC2Backend, vpc_id: str) -> Any:
    """Takes with it what every VPC is born with, and nothing else."""
    filters = {"vpc-id": vpc_id}
    groups = self.describe_security_groups(filters={"vpc-id": [vpc_id]})
    if (
        any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in self.internet_gateways.values())
        or any(group.name != "default" for group in groups)
        or any(interface.subnet.vpc_id == vpc_id for interface in self.enis.values())
        or len(self.describe_network_acls(filters=filters)) > 1
    ):
        _refuse("vpc", vpc_id)
    _deleting_vpc.now = True
    try:
        vpc = original(self, vpc_id)
    finally:
        _deleting_vpc.now = False
    for acl in [acl for acl in self.network_acls.values() if acl.vpc_id == vpc_id]:
        self.network_acls.pop(acl.id)
    return vpc


@replaces(EC2Backend, "delete_subnet")
def delete_subnet(original: Any, self: EC2Backend, subnet_id: str) -> Any:
    """Refuses while a network interface is in it."""
    if any(interface.subnet.id == subnet_id for interface in self.enis.values()):
        _refuse("subnet", subnet_id)
    return original(self, subnet_id)


@replaces(EC2Backend, "delete_internet_gateway")
def delete_internet_gateway(original: Any, self: EC2Backend, internet_gateway_id: str) -> Any:
    """Refuses while it is attached."""
    if self.get_internet_gateway(internet_gateway_id).vpc:
        _refuse("internetGateway", internet_gateway_id)
    return original(self, internet_gateway_id)


@replaces(EC2Backend, "detach_internet_gateway")
def detach_internet_gateway(original: Any, self: EC2Backend, internet_gateway_id: str, vpc_id: str) -> Any:
    """Refuses while something in the VPC has a public address that leads through it."""
    for interface in self.enis.values():
        if interface.subnet.vpc_id == vpc_id and interface.public_ip:
            raise DependencyViolationError(
                f"Network {vpc_id} has some mapped public address(es). Please unmap those public "
                "address(es) before detaching the gateway."
            )
    return original(self, internet_gateway_id, vpc_id)


@replaces(EC2Backend, "delete_security_group")
def delete_security_group(
    original: Any, self: EC2Backend, name: str | None = None, group_id: str | None = None
) -> Any:
    """Leaves a VPC's default group to its VPC."""
    group = self.get_security_group_from_id(group_id) if group_id else None
    if group and group.name == "default" and not getattr(_deleting_vpc, "now", False):
        raise EC2ClientError(
            "CannotDelete", f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
        )
    return original(self, name, group_id)
