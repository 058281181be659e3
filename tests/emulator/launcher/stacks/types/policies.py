"""Policies of buckets and topics."""

import json

from moto.s3.models import S3Backend, s3_backends
from moto.sns.models import sns_backends

from .define import Place, Properties, define


def _buckets(place: Place) -> S3Backend:
    return s3_backends[place.account]["aws"]


def _put_bucket_policy(place: Place, properties: Properties, _: str) -> str:
    document = json.dumps(properties["PolicyDocument"]).encode()
    _buckets(place).put_bucket_policy(properties["Bucket"], document)
    return properties["Bucket"]


def _put_topic_policy(place: Place, properties: Properties, made_up: str) -> str:
    for topic in properties["Topics"]:
        sns_backends[place.account][place.region].get_topic(topic).policy = json.dumps(
            properties["PolicyDocument"]
        )
    return made_up


define(
    "AWS::S3::BucketPolicy",
    _put_bucket_policy,
    lambda place, properties, _: _buckets(place).delete_bucket_policy(properties["Bucket"]),
)
define("AWS::SNS::TopicPolicy", _put_topic_policy)
