"""CloudWatch: alarms, the metric filters that feed them, and log groups, which stock moto cannot update."""

from typing import Any

from moto.cloudwatch.models import (
    Dimension,
    Metric,
    MetricDataQuery,
    MetricStat,
    cloudwatch_backends,
)
from moto.logs.models import LogGroup, logs_backends

from ...spelling import lower_first
from .define import Place, Properties, define, flag


def _query(query: Properties) -> MetricDataQuery:
    stat = query.get("MetricStat")
    if stat:
        metric = stat["Metric"]
        dimensions = [Dimension(d["Name"], d["Value"]) for d in metric.get("Dimensions", [])]
        stat = MetricStat(
            Metric(metric["MetricName"], metric["Namespace"], dimensions),
            str(stat["Period"]),
            stat["Stat"],
            stat.get("Unit"),
        )
    return MetricDataQuery(
        query_id=query["Id"],
        label=query.get("Label"),
        period=query.get("Period"),
        return_data=flag(query.get("ReturnData"), default=True),
        expression=query.get("Expression"),
        metric_stat=stat,
    )


def _create_alarm(place: Place, properties: Properties, made_up: str) -> str:
    name = properties.get("AlarmName", made_up)
    cloudwatch_backends[place.account][place.region].put_metric_alarm(
        name=name,
        namespace=properties.get("Namespace"),
        metric_name=properties.get("MetricName"),
        comparison_operator=properties.get("ComparisonOperator"),
        evaluation_periods=int(properties.get("EvaluationPeriods", 1)),
        period=int(properties.get("Period", 60)),
        threshold=float(properties.get("Threshold", 0)),
        statistic=properties.get("Statistic"),
        description=properties.get("AlarmDescription"),
        dimensions=properties.get("Dimensions", []),
        metric_data_queries=[_query(query) for query in properties.get("Metrics", [])],
        threshold_metric_id=properties.get("ThresholdMetricId"),
        alarm_actions=properties.get("AlarmActions", []),
        ok_actions=properties.get("OKActions", []),
        treat_missing_data=properties.get("TreatMissingData"),
        rule=properties.get("AlarmRule"),
    )
    return name


def _delete_alarm(place: Place, _: Properties, name: str) -> None:
    cloudwatch_backends[place.account][place.region].delete_alarms([name])


def _create_filter(place: Place, properties: Properties, made_up: str) -> str:
    name = properties.get("FilterName", made_up)
    logs_backends[place.account][place.region].put_metric_filter(
        name,
        properties["FilterPattern"],
        properties["LogGroupName"],
        [lower_first(transformation) for transformation in properties["MetricTransformations"]],
    )
    return name


def _delete_filter(place: Place, properties: Properties, name: str) -> None:
    logs_backends[place.account][place.region].delete_metric_filter(name, properties["LogGroupName"])


def _update_group(
    original_resource: LogGroup,
    new_resource_name: str,
    cloudformation_json: dict[str, Any],
    account_id: str,
    region_name: str,
) -> LogGroup:
    properties = cloudformation_json["Properties"]
    if properties.get("LogGroupName", original_resource.name) != original_resource.name:
        raise NotImplementedError("the emulator cannot rename a log group")
    days = properties.get("RetentionInDays")
    original_resource.retention_in_days = int(days) if days is not None else None
    return original_resource


LogGroup.update_from_cloudformation_json = staticmethod(_update_group)  # type: ignore[assignment,method-assign]

for kind in ("Alarm", "CompositeAlarm"):
    define(
        f"AWS::CloudWatch::{kind}",
        _create_alarm,
        _delete_alarm,
        name_property="AlarmName",
        attributes={
            "Arn": lambda place, name: f"arn:aws:cloudwatch:{place.region}:{place.account}:alarm:{name}"
        },
    )
define("AWS::Logs::MetricFilter", _create_filter, _delete_filter, name_property="FilterName")
