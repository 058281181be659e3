"""The keys of environments, in each account and central."""

import json
from typing import Any

from .aws import REGIONS, Account, Emulator

PURPOSES = ("Ec2", "S3", "Rds", "Others")
LIMIT = 32_768


def check(emulator: Emulator, security: Account, workload: Account) -> None:
    """Per account, central, and central for some units only."""
    organization = emulator.organization
    unit = f"{organization}/r-ab12/ou-ab12-11111111/*"
    for region in REGIONS:
        own = workload.deploy("kms-keys.yaml", region, Environment="uat")
        central = security.deploy(
            "kms-keys.yaml", region, "uat", Environment="uat", OrganizationId=organization
        )
        narrow = security.deploy(
            "kms-keys.yaml",
            region,
            "prod",
            Environment="prod",
            OrganizationId=organization,
            OrganizationPaths=unit,
            ExternalAccounts="012345678901",
        )
        for purpose in PURPOSES:
            _check_policy(_policy(workload, region, own, purpose), organization, set())
            _check_policy(_policy(security, region, central, purpose), organization, {"Organization"})
            policy = _policy(security, region, narrow, purpose)
            _check_policy(policy, organization, {"Organization", "External"})
            for statement in policy["Statement"]:
                if statement["Sid"].startswith("Organization"):
                    paths = statement["Condition"]["ForAnyValue:StringLike"]["aws:PrincipalOrgPaths"]
                    assert paths == [unit], statement
        ec2 = workload("ec2", region)
        ec2.modify_ebs_default_kms_key_id(KmsKeyId=central["Ec2KeyArn"])
        assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == central["Ec2KeyArn"]


def _policy(account: Account, region: str, outputs: dict[str, str], purpose: str) -> Any:
    kms, arn = account("kms", region), outputs[f"{purpose}KeyArn"]
    assert kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"]
    alias = outputs[f"{purpose}KeyAlias"]
    assert alias.startswith("alias/") and kms.describe_key(KeyId=alias)["KeyMetadata"]["Arn"] == arn
    return json.loads(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])


def _check_policy(policy: Any, organization: str, others: set[str]) -> None:
    """Nobody is locked out, `*` is nobody unknown, and the statements of others are there or gone."""
    statements = policy["Statement"]
    assert len(json.dumps(policy)) < LIMIT
    assert len({statement["Sid"] for statement in statements}) == len(statements)
    assert statements[0]["Action"] == "kms:*" and "Condition" not in statements[0]
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    for statement in statements:
        if statement["Principal"] == {"AWS": "*"}:
            equal = statement["Condition"]["StringEquals"]
            assert "kms:CallerAccount" in equal or equal.get("aws:PrincipalOrgID") == organization, statement
        for action in ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"):
            foreign = statement["Sid"].startswith(("Organization", "External"))
            assert not (foreign and action in statement["Action"]), statement
    for prefix in ("Organization", "External"):
        there = any(statement["Sid"].startswith(prefix) for statement in statements)
        assert there == (prefix in others), prefix
