"""What nobody may find in what avm writes: the credentials that AssumeRole has handed out."""

import re
from dataclasses import dataclass, field

from .calls import Call

_SECRETS = re.compile(rb"<(SecretAccessKey|SessionToken)>([^<]+)</")


@dataclass
class Secrets:
    """Secret access keys and session tokens."""

    handed_out: list[str] = field(default_factory=list)

    def notice(self, call: Call, content: bytes) -> None:
        """Keeps what an answer of STS has in it."""
        if call.service == "sts":
            self.handed_out.extend(secret.decode() for _, secret in _SECRETS.findall(content))
