"""The function of cloudfront-ddos.yaml, run with stand-ins for its table and its topic."""

import contextlib
import io
import json
import sys
import types
import unittest
from typing import Any
from unittest import mock

from template import read

TEMPLATE = read("cloudfront-ddos.yaml")
SOURCE = TEMPLATE["Resources"]["Function"]["Properties"]["Code"]["ZipFile"]
TOPIC = "arn:aws:sns:us-east-1:111122223333:alarms"
MAIL = "arn:aws:sns:us-east-1:111122223333:mail"
OWN = "https://example.com/own"


class Table:
    """The stack's table."""

    def __init__(self, rows: dict[str, dict[str, str]], broken: bool = False) -> None:
        self.rows, self.broken = rows, broken

    def get_item(self, Key: dict[str, str]) -> dict[str, Any]:
        if self.broken:
            raise ConnectionError("no answer")
        row = self.rows.get(Key["Topic"])
        return {"Item": row} if row else {}

    def put_item(self, Item: dict[str, str], ConditionExpression: str) -> None:
        assert ConditionExpression == "attribute_not_exists(Topic)"
        if Item["Topic"] in self.rows:
            raise ValueError("The conditional request failed")
        self.rows[Item["Topic"]] = Item


class Topics:
    """SNS."""

    def __init__(self) -> None:
        self.published: list[dict[str, str]] = []

    def publish(self, **message: str) -> None:
        self.published.append(message)


def run(table: Table, *messages: str) -> list[dict[str, str]]:
    """What the function publishes when SNS calls it with these messages."""
    topics = Topics()
    sdk = types.ModuleType("boto3")
    sdk.resource = lambda service: types.SimpleNamespace(Table=lambda name: table)  # type: ignore[attr-defined]
    sdk.client = lambda service: topics  # type: ignore[attr-defined]
    environment = {"DASHBOARD": OWN, "MAIL_TOPIC": MAIL, "TABLE": "table"}
    records = [{"Sns": {"Message": message, "TopicArn": TOPIC}} for message in messages]
    with mock.patch.dict(sys.modules, boto3=sdk), mock.patch.dict("os.environ", environment):
        names: dict[str, Any] = {}
        exec(compile(SOURCE, "index.py", "exec"), names)
        with contextlib.redirect_stdout(io.StringIO()):
            names["handler"]({"Records": records}, None)
    return topics.published


def alarm(state: str, before: str | None = None) -> str:
    """What CloudWatch publishes for a composite alarm."""
    return json.dumps(
        {
            "AlarmName": "ddos-Attack1-ABC",
            "AlarmDescription": "CloudFront distribution E1 has far more requests than usual",
            "AWSAccountId": "111122223333",
            "NewStateValue": state,
            "NewStateReason": "both alarms are in ALARM",
            "StateChangeTime": "2026-11-22T08:00:00.000+0000",
            "OldStateValue": before or ("OK" if state == "ALARM" else "ALARM"),
        }
    )


class Function(unittest.TestCase):
    """What people get to read."""

    def test_it_fits_into_a_template(self) -> None:
        self.assertLessEqual(len(SOURCE.encode()), 4096)

    def test_the_first_mail_has_the_dashboard_of_the_stack_and_leaves_it_in_the_table(self) -> None:
        table = Table({})
        (mail,) = run(table, alarm("ALARM"))
        self.assertIn(f"Dashboard: {OWN}\n", mail["Message"])
        self.assertEqual(table.rows, {TOPIC: {"Topic": TOPIC, "Dashboard": OWN}})

    def test_a_link_that_somebody_has_entered_is_used_and_kept(self) -> None:
        rows = {TOPIC: {"Topic": TOPIC, "Dashboard": "https://example.com/theirs"}}
        table = Table(rows)
        (mail,) = run(table, alarm("ALARM"))
        self.assertIn("Dashboard: https://example.com/theirs\n", mail["Message"])
        self.assertEqual(table.rows[TOPIC]["Dashboard"], "https://example.com/theirs")

    def test_without_the_table_the_mail_is_sent_all_the_same(self) -> None:
        (mail,) = run(Table({}, broken=True), alarm("ALARM"))
        self.assertIn(f"Dashboard: {OWN}\n", mail["Message"])

    def test_the_mail_can_be_read(self) -> None:
        (mail,) = run(Table({}), alarm("ALARM"))
        self.assertEqual(mail["TopicArn"], MAIL)
        self.assertEqual(mail["Subject"], "CloudFront: possible attack in account 111122223333")
        lines = mail["Message"].splitlines()
        self.assertEqual(lines[0], "CloudFront distribution E1 has far more requests than usual")
        self.assertIn("State:     OK -> ALARM", lines)
        self.assertIn("Reason:    both alarms are in ALARM", lines)

    def test_the_end_of_an_attack_is_told_too(self) -> None:
        (mail,) = run(Table({}), alarm("OK"))
        self.assertEqual(mail["Subject"], "CloudFront: back to normal in account 111122223333")

    def test_a_new_alarm_that_has_found_nothing_is_not_told(self) -> None:
        self.assertEqual(run(Table({}), alarm("OK", before="INSUFFICIENT_DATA")), [])

    def test_what_is_not_an_alarm_is_passed_on(self) -> None:
        published = run(Table({}), "hello", "[1]", '{"a": 1}')
        self.assertEqual([mail["Message"].splitlines()[0] for mail in published], ["hello", "[1]", '{"a": 1}'])

    def test_subjects_are_such_as_sns_takes(self) -> None:
        strange = json.dumps({"AlarmName": "x", "NewStateValue": "\u00dcbel" * 40})
        (mail,) = run(Table({}), strange)
        self.assertLess(len(mail["Subject"]), 100)
        self.assertTrue(mail["Subject"].isascii())

    def test_a_mail_that_cannot_be_sent_is_an_error_that_lambda_sees(self) -> None:
        with mock.patch.object(Topics, "publish", side_effect=ConnectionError("no answer")):
            with self.assertRaises(ConnectionError):
                run(Table({}), alarm("ALARM"))


class Slots(unittest.TestCase):
    """What each of the five places has is the same but for its number."""

    def test_every_place_has_the_same_resources(self) -> None:
        resources = TEMPLATE["Resources"]

        def place(number: int) -> dict[str, str]:
            own = {name: value for name, value in resources.items() if name.endswith(str(number))}
            text = json.dumps(own, sort_keys=True)
            for name in own:
                text = text.replace(name, name[:-1])
            select = f'"Fn::Select": [{number - 1},'
            self.assertIn(select, text)
            for condition in ("HasDistribution", "EnablesMetrics", "HasMinimum"):
                text = text.replace(f'"{condition}{number}"', f'"{condition}"')
            return json.loads(text.replace(select, '"Fn::Select": [0,'))

        first = place(1)
        self.assertEqual(len(first), 7)
        for number in range(2, 6):
            self.assertEqual(place(number), first)


if __name__ == "__main__":
    unittest.main()
