"""The roles of avm and of people."""

import json
from typing import Any

from .aws import Account, Emulator

SUBJECT = "repo:acme/landing-zone:environment:production"
INLINE_LIMIT, MANAGED_LIMIT = 10_240, 6_144


def check(emulator: Emulator, security: Account, workload: Account) -> None:
    """Who may take them, and what they may never do."""
    management, organization = emulator.management, emulator.organization
    iam = management("iam")
    assert management.deploy("runner-roles.yaml", OrganizationId=organization, name="nobody") == {}
    provider = iam.create_open_id_connect_provider(
        Url="https://token.actions.githubusercontent.com", ThumbprintList=["0" * 40]
    )["OpenIDConnectProviderArn"]
    roles = management.deploy(
        "runner-roles.yaml",
        OrganizationId=organization,
        OidcProviderArn=provider,
        PlanSubjects="repo:acme/landing-zone:pull_request",
        ApplySubjects=SUBJECT,
        ArtifactsBucket="acme-artifacts",
    )
    (trust,) = iam.get_role(RoleName="avm-apply")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    subject = trust["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    assert subject == [SUBJECT] and trust["Principal"] == {"Federated": provider}
    _check_apply(iam, organization)
    _check_gitlab(management, organization)
    for role in ("avm-plan", "avm-apply"):
        (attached,) = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        assert "Read" in attached["PolicyName"]
    for policy in iam.list_policies(Scope="Local")["Policies"]:
        version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
        assert _size(version["PolicyVersion"]["Document"]) < MANAGED_LIMIT

    member = workload.deploy(
        "runner-member.yaml", PlanRoleArn=roles["PlanRoleArn"], OrganizationId=organization
    )
    workload.deploy("people.yaml", OrganizationId=organization)
    assert _trusting(workload) == {"SingleSignOn"}
    security.deploy("people.yaml", OrganizationId=organization, TrustedPrincipals=member["RoleArn"])
    assert _trusting(security) == {"SingleSignOn", "TrustedPrincipals"}


def _check_apply(iam: Any, organization: str) -> None:
    names = iam.list_role_policies(RoleName="avm-apply")["PolicyNames"]
    documents = [
        iam.get_role_policy(RoleName="avm-apply", PolicyName=name)["PolicyDocument"] for name in names
    ]
    assert sum(map(_size, documents)) < INLINE_LIMIT
    statements = {
        statement["Sid"]: statement for document in documents for statement in document["Statement"]
    }
    enter = statements["EnterAccountsOfTheOrganization"]
    assert enter["Condition"] == {"StringEquals": {"aws:ResourceOrgID": organization}}
    never = statements["NeverEndTheOrganizationOrAnAccount"]
    assert never["Effect"] == "Deny"
    ends = {"LeaveOrganization", "DeleteOrganization", "CloseAccount", "RemoveAccountFromOrganization"}
    assert {f"organizations:{end}" for end in ends} <= set(never["Action"])
    for statement in statements.values():
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        if statement["Effect"] == "Allow":
            assert not any(action.endswith("*") for action in actions), statement


def _check_gitlab(management: Account, organization: str) -> None:
    iam = management("iam")
    provider = iam.create_open_id_connect_provider(Url="https://gitlab.com", ThumbprintList=["0" * 40])
    subject = "project_path:acme/landing-zone:ref_type:branch:ref:main"
    management.deploy(
        "runner-roles.yaml",
        OrganizationId=organization,
        GitLabProviderArn=provider["OpenIDConnectProviderArn"],
        GitLabApplySubjects=subject,
        PlanRoleName="avm-plan-gitlab",
        ApplyRoleName="avm-apply-gitlab",
        name="gitlab",
    )
    (trust,) = iam.get_role(RoleName="avm-apply-gitlab")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Federated": provider["OpenIDConnectProviderArn"]}
    expected = {"gitlab.com:aud": "https://gitlab.com", "gitlab.com:sub": [subject]}
    assert trust["Condition"] == {"StringEquals": expected}
    roles = {role["RoleName"] for role in iam.list_roles()["Roles"]}
    assert "avm-plan-gitlab" not in roles, "nobody may take it, so it is not made"


def _trusting(account: Account) -> set[str]:
    role = account("iam").get_role(RoleName="avm-service-catalog-user")["Role"]
    return {statement["Sid"] for statement in role["AssumeRolePolicyDocument"]["Statement"]}


def _size(document: Any) -> int:
    """As IAM counts: without white space."""
    return len("".join(json.dumps(document).split()))
