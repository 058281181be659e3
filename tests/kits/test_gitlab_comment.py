"""The sticky comment of a merge request, against a stand-in for GitLab's API. Needs curl and jq."""

import json
import os
import subprocess
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from kit import CI

TOKEN = "glpat-example"
NOTES = "/api/v4/projects/3/merge_requests/7/notes"
BOT, PERSON = 40, 41
MARKER = "<!-- avm-plan: acme -->"


class GitLab(BaseHTTPRequestHandler):
    """The three requests that the script makes."""

    notes: list[dict[str, Any]]
    changed: list[str]

    def do_GET(self) -> None:
        """Who has the token, and a page of the notes."""
        parts = urlsplit(self.path)
        if parts.path == "/api/v4/user":
            self.answer({"id": BOT})
        elif parts.path == NOTES:
            page, size = (int(parse_qs(parts.query)[key][0]) for key in ("page", "per_page"))
            self.answer(self.notes[(page - 1) * size : page * size])

    def do_POST(self) -> None:
        """A new note."""
        self.changed.append("POST")
        self.notes.append({"id": len(self.notes) + 1, "author": {"id": BOT}, "body": self.body()})
        self.answer({})

    def do_PUT(self) -> None:
        """Another text for a note."""
        self.changed.append(f"PUT {self.path.removeprefix(NOTES)}")
        self.notes[int(self.path.rsplit("/", 1)[1]) - 1]["body"] = self.body()
        self.answer({})

    def body(self) -> str:
        """The text that was sent."""
        return parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["body"][0]

    def answer(self, value: Any) -> None:
        """Without the token, nothing."""
        allowed = self.headers["PRIVATE-TOKEN"] == TOKEN
        self.send_response(200 if allowed else 401)
        self.end_headers()
        self.wfile.write(json.dumps(value if allowed else {}).encode())

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


class Comment(unittest.TestCase):
    """`ci/gitlab/comment`."""

    def setUp(self) -> None:
        GitLab.notes, GitLab.changed = [], []
        server = ThreadingHTTPServer(("127.0.0.1", 0), GitLab)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.address = f"http://127.0.0.1:{server.server_port}/api/v4"
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "comment.md"

    def comment(self, text: str, **other: str) -> None:
        """Runs the script for a comment with this text."""
        self.file.write_text(f"{MARKER}\n{text}\n")
        variables = {
            "PATH": os.environ["PATH"],
            "CI_API_V4_URL": self.address,
            "CI_PROJECT_ID": "3",
            "CI_MERGE_REQUEST_IID": "7",
            "AVM_GITLAB_TOKEN": TOKEN,
        } | other
        command = [str(CI / "gitlab" / "comment"), str(self.file)]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_one_comment_is_kept_up_to_date(self) -> None:
        GitLab.notes = [{"id": 1, "author": {"id": PERSON}, "body": f"{MARKER}\nbelieve me"}]
        self.comment("a & b = 100%")
        self.assertEqual(GitLab.notes[1]["body"], f"{MARKER}\na & b = 100%\n")
        self.comment("c")
        self.assertEqual(GitLab.changed, ["POST", "PUT /2"])
        self.assertEqual([note["body"] for note in GitLab.notes], [f"{MARKER}\nbelieve me", f"{MARKER}\nc\n"])

    def test_it_is_found_on_a_later_page(self) -> None:
        GitLab.notes = [{"id": n + 1, "author": {"id": PERSON}, "body": "hm"} for n in range(230)]
        GitLab.notes[210] = {"id": 211, "author": {"id": BOT}, "body": f"{MARKER}\nold"}
        self.comment("new")
        self.assertEqual(GitLab.changed, ["PUT /211"])

    def test_without_a_token_or_a_merge_request_nothing_is_asked(self) -> None:
        self.comment("a", AVM_GITLAB_TOKEN="")
        self.comment("a", CI_MERGE_REQUEST_IID="")
        self.assertEqual(GitLab.changed, [])


if __name__ == "__main__":
    unittest.main()
