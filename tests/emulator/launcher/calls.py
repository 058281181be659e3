"""The record of all requests, for tests that assert what was called and what was not."""

import re
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qs

from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.iam.models import get_account_id_from

# By its name an operation reads; AssumeRole hands out credentials and changes nothing.
_READING = re.compile(r"^(AssumeRole|BatchGet|Describe|Get|HEAD|Head|List|Lookup|Search|Validate)|^GET ")
# Reads by their names, and changes something.
_CHANGING_NEVERTHELESS = {"GetFederationToken", "GetSessionToken"}

_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")


@dataclass
class Call:
    """One request that came in."""

    service: str
    operation: str
    account: str
    region: str
    mutating: bool
    status: int | None = None
    answered: bool = True
    """Whether the caller got the answer."""

    def as_json(self) -> dict[str, Any]:
        """As `GET /avm/calls` tells it."""
        return asdict(self)


def identify(environ: dict[str, Any], body: bytes) -> Call | None:
    """Says who asks for what; None for a request that is not signed, and so is no request to AWS."""
    credential = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if not credential:
        return None
    key, region, service = credential.groups()
    operation = _operation(environ, body, service)
    return Call(
        service=service,
        operation=operation,
        account=get_account_id_from(key),
        region=region,
        mutating=is_mutating(operation),
    )


def is_mutating(operation: str) -> bool:
    """Whether an operation changes anything, by its name and a list of exceptions."""
    return operation in _CHANGING_NEVERTHELESS or not _READING.match(operation)


def _operation(environ: dict[str, Any], body: bytes, service: str) -> str:
    """The operation's name: in a header (JSON), in the body (query), in the path (CBOR), or by
    method and path (REST)."""
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return target.rsplit(".", 1)[-1]
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return parse_qs(body.decode()).get("Action", ["?"])[0]
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        return environ["PATH_INFO"].rsplit("/", 1)[-1]
    if service == "s3" and environ["PATH_INFO"].startswith("/v20180820/"):
        # S3 Control is signed for as S3, and would be taken for an object of a bucket of that name.
        service = "s3control"
    try:
        operation, _ = get_service_router(service).match(Request(environ.copy()))
        return operation.name
    except Exception:
        # S3's many sub-resources, or a path that no model knows.
        return f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
