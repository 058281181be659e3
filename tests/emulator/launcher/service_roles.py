"""IAM: roles that belong to a service.

Stock moto calls most of them otherwise than AWS does, and has another error for one that is there.
"""

import re
from typing import Any

from moto.iam import models
from moto.iam.exceptions import EntityAlreadyExists, InvalidInput
from moto.iam.models import IAMBackend, Role

from .patch import replaces

# What AWS calls the service in the name of its role.
models.SERVICE_NAME_CONVERSION.update(
    {
        "access-analyzer": "AccessAnalyzer",
        "cloudtrail": "CloudTrail",
        "config": "Config",
        "ecs": "ECS",
        "eks": "AmazonEKS",
        "elasticloadbalancing": "ElasticLoadBalancing",
        "guardduty": "AmazonGuardDuty",
        "inspector2": "AmazonInspector2",
        "macie": "AmazonMacie",
        "organizations": "Organizations",
        "rds": "RDS",
        "securityhub": "SecurityHub",
        "spot": "EC2Spot",
    }
)


@replaces(IAMBackend, "create_service_linked_role")
def create_service_linked_role(
    original: Any, self: IAMBackend, service_name: str, description: str, suffix: str
) -> Role:
    """Refuses a name that is taken."""
    try:
        return original(self, service_name, description, suffix)
    except EntityAlreadyExists as error:
        name = re.search(r"AWSServiceRoleFor\w+", error.message)
        raise InvalidInput(
            f"Service role name {name and name.group()} has been taken in this account, please try a different "
            "suffix."
        ) from error
