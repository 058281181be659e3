"""The optional templates and the packs of rules, made on the emulator and read back by the services' own APIs."""

import json
import unittest
from typing import Any

from emulator import Emulator
from template import read


class OnTheEmulator(unittest.TestCase):
    """An AWS for all tests of a class, which keep apart by region and by the names of their stacks."""

    aws: Emulator

    @classmethod
    def setUpClass(cls) -> None:
        cls.aws = Emulator()
        cls.addClassCleanup(cls.aws.close)


class ConfigRules(OnTheEmulator):
    """The packs, in a region with everything, in one that is not home, and in one that lacks rules."""

    def rules(self, region: str) -> dict[str, dict[str, Any]]:
        pages = self.aws.client("config", region).get_paginator("describe_config_rules").paginate()
        return {rule["ConfigRuleName"]: rule for page in pages for rule in page["ConfigRules"]}

    def test_the_home_region_has_all_rules_that_are_offered_there(self) -> None:
        wishes = {"CheckBucketMfaDelete": "check", "CheckObjectEvents": "check"}
        self.aws.deploy("config-rules-cis-foundation.yaml", {"HomeRegion": "us-east-1", **wishes})
        wanted = read("config-rules-cis-foundation.yaml")["Resources"].values()
        rules = self.rules("us-east-1")
        self.assertEqual(set(rules), {rule["Properties"]["ConfigRuleName"] for rule in wanted})
        given = json.loads(rules["avm-cis-unused-credentials"]["InputParameters"])
        # moto makes numbers of parameters; CloudFormation would make texts.
        self.assertEqual({name: str(value) for name, value in given.items()}, {"maxCredentialUsageAge": "45"})
        frequency = rules["avm-cis-root-mfa"]["MaximumExecutionFrequency"]
        self.assertEqual(frequency, "TwentyFour_Hours")

    def test_another_region_does_not_check_what_an_account_has_once(self) -> None:
        self.aws.deploy("config-rules-cis-foundation.yaml", {"HomeRegion": "us-east-1"}, "eu-west-1")
        rules = self.rules("eu-west-1")
        self.assertIn("avm-cis-flow-logs", rules)
        self.assertNotIn("avm-cis-root-mfa", rules)
        self.assertNotIn("avm-cis-server-certificates", rules)

    def test_rules_that_the_other_pack_has_are_not_made_twice(self) -> None:
        values = {"HomeRegion": "us-east-2", "CisFoundation": "present"}
        self.aws.deploy("config-rules-encryption.yaml", values, "us-east-2")
        shared = {"avm-encryption-ebs-default", "avm-encryption-rds-instances"}
        shared |= {"avm-encryption-trail-encryption", "avm-encryption-key-rotation"}
        self.assertFalse(shared & set(self.rules("us-east-2")))
        self.aws.deploy("config-rules-encryption.yaml", values | {"CisFoundation": "absent"}, "us-east-2")
        self.assertLessEqual(shared, set(self.rules("us-east-2")))

    def test_a_key_becomes_a_parameter_of_the_rules_about_it(self) -> None:
        key = "arn:aws:kms:us-east-1:123456789012:key/1"
        values = {"HomeRegion": "us-east-1", "Ec2KeyArn": key}
        self.aws.deploy("config-rules-encryption.yaml", values, "us-west-2")
        rules = self.rules("us-west-2")
        self.assertEqual(json.loads(rules["avm-encryption-ebs-volumes"]["InputParameters"]), {"kmsId": key})

    def test_a_rule_is_left_out_where_aws_does_not_offer_it(self) -> None:
        self.aws.deploy("config-rules-eks-and-containers.yaml", {}, "ap-northeast-3")
        self.aws.deploy("config-rules-eks-and-containers.yaml", {}, "eu-central-1")
        elsewhere, here = self.rules("eu-central-1"), self.rules("ap-northeast-3")
        missing = {"avm-containers-memory-limits"}
        self.assertEqual(set(elsewhere) - set(here), missing)


class CloudFrontDdos(OnTheEmulator):
    """Two distributions, the second of them in the third place."""

    VALUES = {"DistributionIds": "EDFDVBD632BHDS,,E2QWRUHAPOMQZL", "MailAddress": "soc@example.com"}

    def test_the_alarms_lead_by_way_of_the_function_to_mail(self) -> None:
        outputs = self.aws.deploy("cloudfront-ddos.yaml", self.VALUES, name="ddos")
        resources = self.aws.resources(name="ddos")
        self.assertIn("Attack1", resources)
        self.assertNotIn("Attack2", resources)
        self.assertIn("Attack3", resources)
        self.assertNotIn("Minimum1", resources)

        alarms = self.aws.client("cloudwatch").describe_alarms()
        named = {a["AlarmName"]: a for a in alarms["MetricAlarms"] + alarms["CompositeAlarms"]}
        attack = named[resources["Attack3"]]
        both = f'ALARM("{resources["Requests3"]}") AND ALARM("{resources["CacheHitRate3"]}")'
        self.assertEqual(attack["AlarmRule"], both)
        self.assertEqual(attack["AlarmActions"], [outputs["AlarmTopicArn"]])
        requests = named[resources["Requests3"]]
        self.assertEqual(requests["ComparisonOperator"], "GreaterThanUpperThreshold")
        self.assertEqual(requests["ThresholdMetricId"], "expected")
        measured, expected = requests["Metrics"]
        dimensions = {d["Name"]: d["Value"] for d in measured["MetricStat"]["Metric"]["Dimensions"]}
        self.assertEqual(dimensions, {"DistributionId": "E2QWRUHAPOMQZL", "Region": "Global"})
        self.assertEqual(expected["Expression"], "ANOMALY_DETECTION_BAND(measured, 3)")

        topics = self.aws.client("sns")
        (to_function,) = topics.list_subscriptions_by_topic(TopicArn=outputs["AlarmTopicArn"])[
            "Subscriptions"
        ]
        function = self.aws.client("lambda").get_function(FunctionName=resources["Function"])
        self.assertEqual(to_function["Endpoint"], function["Configuration"]["FunctionArn"])
        (to_people,) = topics.list_subscriptions_by_topic(TopicArn=outputs["MailTopicArn"])["Subscriptions"]
        self.assertEqual((to_people["Protocol"], to_people["Endpoint"]), ("email", "soc@example.com"))
        variables = function["Configuration"]["Environment"]["Variables"]
        self.assertEqual(variables["MAIL_TOPIC"], outputs["MailTopicArn"])
        self.assertEqual(variables["DASHBOARD"], outputs["Dashboard"])
        table = self.aws.client("dynamodb").describe_table(TableName=variables["TABLE"])["Table"]
        self.assertEqual(table["KeySchema"], [{"AttributeName": "Topic", "KeyType": "HASH"}])

        body = self.aws.client("cloudwatch").get_dashboard(DashboardName="ddos")["DashboardBody"]
        widgets = json.loads(body)["widgets"]
        titles = [widget["properties"]["title"] for widget in widgets]
        self.assertEqual(len(titles), 1 + 3 * 2)
        self.assertIn("E2QWRUHAPOMQZL: cache hit rate", titles)
        self.assertEqual(len(widgets[0]["properties"]["alarms"]), 1 + 2)

    def test_a_minimum_has_its_own_alarm_in_the_composite(self) -> None:
        self.aws.deploy("cloudfront-ddos.yaml", {**self.VALUES, "MinimumRequests": "5000"}, name="minimum")
        resources = self.aws.resources(name="minimum")
        alarms = self.aws.client("cloudwatch").describe_alarms(AlarmTypes=["CompositeAlarm"])
        rules = {alarm["AlarmName"]: alarm["AlarmRule"] for alarm in alarms["CompositeAlarms"]}
        self.assertIn(f'ALARM("{resources["Minimum1"]}")', rules[resources["Attack1"]])

    def test_policies_name_who_may_publish(self) -> None:
        outputs = self.aws.deploy("cloudfront-ddos.yaml", self.VALUES, name="policies")
        attributes = self.aws.client("sns").get_topic_attributes(TopicArn=outputs["AlarmTopicArn"])
        policy = json.loads(attributes["Attributes"]["Policy"])
        (allow,) = [s for s in policy["Statement"] if s["Effect"] == "Allow"]
        self.assertEqual(allow["Principal"], {"Service": "cloudwatch.amazonaws.com"})
        alarms = self.aws.client("cloudwatch").describe_alarms()
        pattern = allow["Condition"]["ArnLike"]["aws:SourceArn"].removesuffix("*")
        resources = self.aws.resources(name="policies")
        own = [a for a in alarms["CompositeAlarms"] if a["AlarmName"] == resources["Attack1"]]
        self.assertEqual(len(own), 1)
        self.assertTrue(own[0]["AlarmArn"].startswith(pattern), own[0]["AlarmArn"])


class ServiceCatalog(OnTheEmulator):
    """Portfolio, products and the role; moto shows no more."""

    ADDRESS = "https://acme-artifacts.s3.eu-west-1.amazonaws.com/templates/{}/{}"

    def test_an_address_makes_a_product_and_an_empty_one_does_not(self) -> None:
        pattern = "arn:aws:iam:::role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_CatalogUser_*"
        outputs = self.aws.deploy(
            "service-catalog.yaml",
            {
                "CloudTrailTemplate": self.ADDRESS.format("abc", "cloudtrail.yaml"),
                "GuardDutyTemplate": self.ADDRESS.format("def", "guardduty.yaml"),
                "PrincipalPatterns": f",{pattern}",
            },
        )
        catalog = self.aws.client("servicecatalog")
        portfolio = catalog.describe_portfolio(Id=outputs["PortfolioId"])["PortfolioDetail"]
        self.assertEqual(portfolio["DisplayName"], "Baseline-Portfolio")
        resources = self.aws.resources()
        product = catalog.describe_product(Id=resources["CloudTrailProduct"])["ProductViewSummary"]
        self.assertEqual(product["Name"], "Enable-CloudTrail")
        self.assertIn("GuardDutyLaunch", resources)
        self.assertNotIn("ConfigProduct", resources)
        self.assertIn("Pattern2", resources)
        self.assertNotIn("Pattern1", resources)
        self.assertNotIn("Arn1", resources)

    def test_the_role_trusts_service_catalog_alone(self) -> None:
        values = {"LaunchRoleName": "launch-2"}
        outputs = self.aws.deploy("service-catalog.yaml", values, name="role")
        name = outputs["LaunchRoleArn"].rsplit("/", 1)[1]
        self.assertEqual(name, "launch-2")
        role = self.aws.client("iam").get_role(RoleName=name)["Role"]
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        self.assertEqual(statement["Principal"], {"Service": "servicecatalog.amazonaws.com"})


if __name__ == "__main__":
    unittest.main()
