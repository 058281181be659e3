"""IAM, as far as a test wants it: every call whose permission is in no policy is refused.

moto lets every caller do everything. Here a policy is a set of actions, one for the caller's own account and one for
the sessions in all others; resources and conditions are not looked at. What moto's CloudFormation makes, it makes
inside of moto, where nobody is asked.
"""

import json
from dataclasses import dataclass
from typing import Any

from .calls import Call

Answer = tuple[str, list[tuple[str, str]], bytes]

_QUERY = {"cloudformation", "iam", "sts"}
_REST_JSON = {"account", "guardduty", "securityhub"}


@dataclass
class Permissions:
    """Who may do what."""

    account: str
    """The account that the caller's own credentials belong to."""
    own: set[str]
    """The actions that are allowed there."""
    sessions: set[str]
    """The actions that are allowed in all other accounts."""
    actions: dict[str, list[str]]
    """What an operation needs, by the service that a request is signed for and its name. What is not here is refused."""

    @classmethod
    def of(cls, wish: dict[str, Any]) -> "Permissions":
        """As `POST /avm/allow` says it."""
        return cls(wish["account"], set(wish["own"]), set(wish["sessions"]), wish["actions"])

    def refuse(self, call: Call) -> Answer | None:
        """AWS's refusal, in the words of the service's protocol; None if the call is allowed."""
        allowed = self.own if call.account == self.account else self.sessions
        needed = self.actions.get(f"{call.service}:{call.operation}")
        if needed is None:
            return _refusal(call, f"{call.service}:{call.operation}")
        missing = [action for action in needed if action not in allowed]
        return _refusal(call, missing[0]) if missing else None


def _refusal(call: Call, action: str) -> Answer:
    message = (
        f"User: arn:aws:sts::{call.account}:assumed-role/avm/avm is not authorized to perform: {action} "
        f"because no identity-based policy allows the {action} action"
    )
    if call.service == "ec2":
        return refuse_with(call, "403 Forbidden", "UnauthorizedOperation", message)
    if call.service == "s3" or call.service in _QUERY:
        return refuse_with(call, "403 Forbidden", "AccessDenied", message)
    status = "403 Forbidden" if call.service in _REST_JSON else "400 Bad Request"
    return refuse_with(call, status, "AccessDeniedException", message)


def refuse_with(call: Call, status: str, code: str, message: str) -> Answer:
    """An error of AWS's, in the form of the service's protocol."""
    xml = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    if call.service == "ec2":
        xml = f"<Response><Errors>{xml}</Errors><RequestID>r</RequestID></Response>"
        return _answer(status, "text/xml", xml)
    if call.service == "s3":
        return _answer(status, "application/xml", xml)
    if call.service in _QUERY:
        xml = f"<ErrorResponse>{xml}<RequestId>r</RequestId></ErrorResponse>"
        return _answer(status, "text/xml", xml)
    answer = _answer(status, "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message}))
    answer[1].append(("X-Amzn-Errortype", code))
    return answer


def _answer(status: str, content_type: str, body: str) -> Answer:
    return status, [("Content-Type", content_type)], body.encode()
