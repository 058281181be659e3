"""The launch role of service-catalog.yaml can do what the handlers of its products' types call, and little else."""

import json
import unittest
from typing import Any

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from template import TEMPLATES, read

TEMPLATE = read("service-catalog.yaml")
PRODUCTS = ["cloudtrail.yaml", "config.yaml", "guardduty.yaml", "security-hub.yaml"]

# What handlers name for properties that the products' templates do not use.
UNUSED = {
    "firehose:tagdeliverystream": "log groups: delivery of vended logs",
    "iam:attachrolepolicy": "roles: managed policies; the role has none",
    "iam:deleterolepermissionsboundary": "roles: boundaries",
    "iam:detachrolepolicy": "roles: managed policies",
    "iam:putrolepermissionsboundary": "roles: boundaries",
    "logs:associatekmskey": "log groups: KmsKeyId",
    "logs:createlogdelivery": "log groups: delivery of vended logs",
    "logs:deletedataprotectionpolicy": "log groups: DataProtectionPolicy",
    "logs:deleteindexpolicy": "log groups: FieldIndexPolicies",
    "logs:deleteresourcepolicy": "log groups: ResourcePolicyDocument",
    "logs:disassociatekmskey": "log groups: KmsKeyId",
    "logs:putbearertokenauthentication": "log groups: BearerTokenAuthenticationEnabled",
    "logs:putdataprotectionpolicy": "log groups: DataProtectionPolicy",
    "logs:putindexpolicy": "log groups: FieldIndexPolicies",
    "logs:putloggroupdeletionprotection": "log groups: DeletionProtectionEnabled",
    "logs:putresourcepolicy": "log groups: ResourcePolicyDocument",
    "s3:rest.put.object": "log groups: not an action of IAM at all",
}


def statements() -> list[dict[str, Any]]:
    """Every statement of the role."""
    policies = TEMPLATE["Resources"]["LaunchRole"]["Properties"]["Policies"]
    return [s for policy in policies for s in policy["PolicyDocument"]["Statement"]]


def actions(statement: dict[str, Any]) -> list[str]:
    """What a statement allows."""
    given = statement["Action"]
    return [given] if isinstance(given, str) else given


def types() -> set[str]:
    """The types of resources in the products' templates."""
    present = [name for name in PRODUCTS if (TEMPLATES / name).exists()]
    return {resource["Type"] for name in present for resource in read(name)["Resources"].values()}


def called(type_name: str) -> set[str]:
    """What a type's handlers call. CloudFormation does not list resources for a stack."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_name).schema
    handlers = {name: handler for name, handler in schema["handlers"].items() if name != "list"}
    return {action.lower() for handler in handlers.values() for action in handler["permissions"]}


class LaunchRole(unittest.TestCase):
    """Least privilege, from both sides."""

    def test_it_can_do_what_the_handlers_call(self) -> None:
        allowed = {action.lower() for statement in statements() for action in actions(statement)}
        for name in sorted(types()):
            with self.subTest(name):
                self.assertEqual(called(name) - allowed - set(UNUSED), set())

    def test_no_action_is_a_pattern(self) -> None:
        for statement in statements():
            self.assertFalse([action for action in actions(statement) if "*" in action])

    def test_what_is_said_to_be_unused_is_not_allowed(self) -> None:
        allowed = {action.lower() for statement in statements() for action in actions(statement)}
        self.assertEqual(allowed & set(UNUSED), set())

    def test_a_role_is_passed_by_its_name_and_to_its_service_only(self) -> None:
        passing = [statement for statement in statements() if "iam:PassRole" in actions(statement)]
        self.assertEqual(len(passing), 2)
        for statement in passing:
            self.assertNotIn("*", statement["Resource"]["Fn::Sub"])
            self.assertIn("iam:PassedToService", statement["Condition"]["StringEquals"])

    def test_roles_are_written_by_one_name_only(self) -> None:
        for statement in statements():
            if any(action.startswith("iam:Put") or action == "iam:CreateRole" for action in actions(statement)):
                self.assertTrue(statement["Resource"]["Fn::Sub"].endswith("role/${TrailLogGroupRoleName}"))


class Products(unittest.TestCase):
    """What stays when things change."""

    def test_everything_that_a_launched_product_needs_is_retained(self) -> None:
        kinds = ("Portfolio", "CloudFormationProduct", "PortfolioProductAssociation", "LaunchRoleConstraint")
        needed = {f"AWS::ServiceCatalog::{kind}" for kind in kinds} | {"AWS::IAM::Role"}
        for name, resource in TEMPLATE["Resources"].items():
            with self.subTest(name):
                retained = resource.get("DeletionPolicy") == "RetainExceptOnCreate"
                self.assertEqual(retained, resource["Type"] in needed)

    def test_versions_that_are_there_keep_their_ids(self) -> None:
        for name, resource in TEMPLATE["Resources"].items():
            if resource["Type"] == "AWS::ServiceCatalog::CloudFormationProduct":
                with self.subTest(name):
                    replaces = resource["Properties"]["ReplaceProvisioningArtifacts"]
                    self.assertEqual(str(replaces).lower(), "false")

    def test_the_products_are_alike(self) -> None:
        text = {}
        for kind, product in (
            ("CloudTrail", "CloudTrail"),
            ("Config", "Config"),
            ("GuardDuty", "GuardDuty"),
            ("SecurityHub", "Security-Hub"),
        ):
            own = {
                name.replace(kind, "X"): value
                for name, value in TEMPLATE["Resources"].items()
                if name in (f"{kind}Product", f"{kind}InPortfolio", f"{kind}Launch")
            }
            self.assertEqual(len(own), 3)
            self.assertEqual(own["XProduct"]["Properties"].pop("Name"), f"Enable-{product}")
            for resource in own.values():
                resource["Properties"].pop("Description", None)
            text[kind] = json.dumps(own, sort_keys=True).replace(kind, "X")
        self.assertEqual(len(set(text.values())), 1)


if __name__ == "__main__":
    unittest.main()
