"""`python -m launcher --port 0`."""

import argparse
import logging

from . import settings  # noqa: F401, I001  before anything of moto is read
from . import organizations, administration, accounts, sts, network, ec2_settings, keys, roles  # noqa: F401
from . import service_roles, guardduty, securityhub, stacks, speed  # noqa: F401
from .server import serve


def main() -> None:
    """Reads the arguments, makes the organization, serves."""
    parser = argparse.ArgumentParser(prog="launcher")
    parser.add_argument("--port", type=int, default=0, help="0 for a free one")
    arguments = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    organizations.create()
    serve(arguments.port)


if __name__ == "__main__":
    main()
