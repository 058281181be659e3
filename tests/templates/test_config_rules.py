"""The packs of Config rules say what AWS's documentation says of each rule.

moto carries a copy of the documentation's page of every managed rule: its parameters, its trigger, its resource types,
and the line "AWS Region". Names of regions come from botocore.
"""

import gzip
import itertools
import json
import re
import unittest
from pathlib import Path
from typing import Any

import botocore
import moto.config

from template import TEMPLATES, holds, read

_PAGES = Path(moto.config.__file__).parent / "resources" / "aws_managed_rules.json.gz"
_ENDPOINTS = Path(botocore.__file__).parent / "data" / "endpoints.json"

DOCUMENTED = json.loads(gzip.decompress(_PAGES.read_bytes()))["ManagedRules"]
REGIONS = {
    region["description"]: code
    for partition in json.loads(_ENDPOINTS.read_text())["partitions"]
    if partition["partition"] in ("aws", "aws-cn", "aws-us-gov")
    for code, region in partition["regions"].items()
}
DOCS = (TEMPLATES.parent / "docs" / "config-rules.md").read_text()
PACKS = sorted(path.name for path in TEMPLATES.glob("config-rules-*.yaml"))

Rule = dict[str, Any]


def rules() -> list[tuple[str, str, Rule]]:
    """Pack, logical id and resource of every rule."""
    return [(pack, name, rule) for pack in PACKS for name, rule in read(pack)["Resources"].items()]


def absent_in(rule: Rule) -> set[str]:
    """Where a rule says that AWS does not offer it."""
    return set(rule.get("Metadata", {}).get("avm", {}).get("absent-in", []))


def documented_absence(identifier: str) -> set[str]:
    """Where the documentation says so."""
    line = DOCUMENTED[identifier]["AWS Region"]
    if line == "All supported AWS regions":
        return set()
    kind, names = re.fullmatch(
        r"(All supported AWS regions except|Only available in) (.+) Region", line
    ).groups()
    named = {REGIONS[name.strip()] for name in re.split(r",(?![^(]*\))", names)}
    return named if kind.startswith("All") else set(REGIONS.values()) - named


def choices(template: Rule, region: str) -> list[dict[str, str]]:
    """Every combination of the parameters that conditions look at, with the region as home region."""
    slots = {}
    for name, parameter in template["Parameters"].items():
        if name == "HomeRegion":
            slots[name] = [region]
        elif name == "Frequency":
            continue
        elif "AllowedValues" in parameter:
            slots[name] = list(map(str, parameter["AllowedValues"]))
        elif parameter.get("Default") == "":
            slots[name] = ["", "given"]
    combinations = itertools.product(*slots.values())
    return [dict(zip(slots, values), **{"AWS::Region": region}) for values in combinations]


class ConfigRules(unittest.TestCase):
    """Each fact about every rule of every pack."""

    def test_there_are_packs(self) -> None:
        self.assertEqual(
            PACKS,
            [
                "config-rules-cis-foundation.yaml",
                "config-rules-eks-and-containers.yaml",
                "config-rules-encryption.yaml",
            ],
        )

    def test_a_template_can_be_sent_without_a_bucket(self) -> None:
        for pack in PACKS:
            with self.subTest(pack):
                self.assertLess((TEMPLATES / pack).stat().st_size, 51_200)

    def test_names_are_unique_and_of_their_pack(self) -> None:
        prefixes = {
            "config-rules-cis-foundation.yaml": "avm-cis-",
            "config-rules-eks-and-containers.yaml": "avm-containers-",
            "config-rules-encryption.yaml": "avm-encryption-",
        }
        names = []
        for pack, name, rule in rules():
            with self.subTest(name):
                names.append(rule["Properties"]["ConfigRuleName"])
                self.assertRegex(names[-1], rf"^{prefixes[pack]}[a-z0-9-]+$")
        self.assertEqual(len(names), len(set(names)))

    def test_aws_has_the_rule_and_its_parameters(self) -> None:
        for pack, name, rule in rules():
            with self.subTest(name, pack=pack):
                source = rule["Properties"]["Source"]
                self.assertEqual(source["Owner"], "AWS")
                known = DOCUMENTED[source["SourceIdentifier"]]["Parameters"]
                given = set(rule["Properties"].get("InputParameters", {}))
                self.assertLessEqual(given, {parameter["Name"] for parameter in known})
                needed = {parameter["Name"] for parameter in known if not parameter["Optional"]}
                self.assertLessEqual(needed, given)

    def test_what_runs_by_the_clock_has_a_frequency_and_what_follows_changes_a_scope(self) -> None:
        for pack, name, rule in rules():
            with self.subTest(name, pack=pack):
                properties = rule["Properties"]
                page = DOCUMENTED[properties["Source"]["SourceIdentifier"]]
                if page["Trigger type"] == "Periodic":
                    self.assertEqual(properties["MaximumExecutionFrequency"], {"Ref": "Frequency"})
                    self.assertNotIn("Scope", properties)
                else:
                    self.assertEqual(page["Trigger type"], "Configuration changes")
                    self.assertNotIn("MaximumExecutionFrequency", properties)
                    types = properties["Scope"]["ComplianceResourceTypes"]
                    self.assertEqual(types, page["Resource Types"].split(", "))

    def test_regions_without_the_rule_are_those_of_the_documentation(self) -> None:
        for pack, name, rule in rules():
            with self.subTest(name, pack=pack):
                identifier = rule["Properties"]["Source"]["SourceIdentifier"]
                documented = documented_absence(identifier) & set(REGIONS.values())
                self.assertEqual(absent_in(rule), documented)

    def test_the_condition_is_false_exactly_where_the_rule_is_absent(self) -> None:
        for pack in PACKS:
            template = read(pack)
            for region in REGIONS.values():
                wishes = choices(template, region)
                for name, rule in template["Resources"].items():
                    with self.subTest(name, pack=pack, region=region):
                        condition = rule.get("Condition")
                        possible = not condition or any(
                            holds(template, condition, values) for values in wishes
                        )
                        self.assertEqual(possible, region not in absent_in(rule))

    def test_the_documentation_has_a_row_for_each_rule(self) -> None:
        sections = dict(re.findall(r"^## (avm-[a-z]+-)\.{3}: (.*?)(?=^## |\Z)", DOCS, re.M | re.S))
        for pack, name, rule in rules():
            with self.subTest(name, pack=pack):
                properties = rule["Properties"]
                start = re.match(r"avm-[a-z]+-", properties["ConfigRuleName"]).group()
                short = properties["ConfigRuleName"].removeprefix(start)
                row = f"| `{short}` | {properties['Source']['SourceIdentifier']} |"
                self.assertIn(row, sections[start])

    def test_absence_has_a_source(self) -> None:
        for pack, name, rule in rules():
            with self.subTest(name, pack=pack):
                source = rule.get("Metadata", {}).get("avm", {}).get("source", "")
                page = "https://docs.aws.amazon.com/config/latest/developerguide/"
                self.assertEqual(source.startswith(page), bool(absent_in(rule)))


if __name__ == "__main__":
    unittest.main()
