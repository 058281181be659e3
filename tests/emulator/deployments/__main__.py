"""`python -m deployments`: ends without an error, or says what is not as the templates mean it."""

import sys

from . import detection, keys, logs, people
from .aws import TEMPLATES, Emulator, deployed

# These have tests of their own.
ELSEWHERE = {"cloudfront-ddos.yaml", "service-catalog.yaml"}


def main() -> None:
    """All templates, in the order of a landing zone's waves."""
    emulator = Emulator()
    archive, security, workload = map(emulator.account, ("log-archive", "security", "payments"))
    logs.check(emulator, archive, security, workload)
    keys.check(emulator, security, workload)
    detection.check(emulator, security, workload)
    people.check(emulator, security, workload)
    shipped = {path.name for path in TEMPLATES.glob("*.yaml")}
    packs = {name for name in shipped if name.startswith("config-rules-")}
    if missing := shipped - deployed - packs - ELSEWHERE:
        sys.exit(f"not deployed: {', '.join(sorted(missing))}")


if __name__ == "__main__":
    main()
