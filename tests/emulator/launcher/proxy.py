"""`python -m launcher.proxy --upstream http://127.0.0.1:PORT`: microburst between avm and the emulator.

It answers as AWS does when something is wrong, in the form of the service's own protocol, as the rules say that a test
puts to `/_microburst/rules`. It is started here, and not by its own command, to get a free port without a race, to say
which, and to end when stdin is closed.
"""

import argparse
import os
import socket
import sys
import threading

from aiohttp import web
from microburst.app import make_app
from microburst.core.pipeline import Microburst


def main() -> None:
    """Serves on 127.0.0.1 until stdin is closed."""
    parser = argparse.ArgumentParser(prog="launcher.proxy")
    parser.add_argument("--upstream", required=True)
    arguments = parser.parse_args()
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"listening on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
    web.run_app(make_app(Microburst(arguments.upstream, resign=False)), sock=listener, print=None)


def _end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
