"""The kits by the linters of what they are made of. Nothing is fetched."""

import subprocess
import unittest
from pathlib import Path

from kit import ACTIONS, CI, GITLAB, PIPELINE, ROOT, TOOLS, WORKFLOWS, buildspecs, fragments, scripts


def run(tool: str, *arguments: str | Path, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """A tool of the same environment."""
    command = [str(word) for word in (TOOLS / tool, *arguments)]
    return subprocess.run(command, cwd=ROOT, input=given, capture_output=True, text=True, check=False)


class Lint(unittest.TestCase):
    """Every linter, and that it is one that finds something."""

    def accepts(self, tool: str, *arguments: str | Path, given: str | None = None) -> None:
        """Fails with what the tool says."""
        done = run(tool, *arguments, given=given)
        self.assertEqual(done.returncode, 0, f"{done.stdout}{done.stderr}")

    def test_scripts(self) -> None:
        names = {path.name for path in scripts()}
        self.assertLessEqual({"plan", "apply", "common", "comment", "reviewed", "newest"}, names)
        self.accepts("shellcheck", "--external-sources", *scripts())

    def test_shell_in_yaml(self) -> None:
        found = list(fragments())
        self.assertGreater(len(found), 12)
        for place, fragment in found:
            with self.subTest(place):
                # SC1091: outputs.env is there when the build runs. SC2154: CodeBuild names folders by artifact.
                # SC2155: mktemp does not fail in a build.
                self.accepts("shellcheck", "--shell=bash", "--exclude=SC1091,SC2154,SC2155", "-", given=fragment)

    def test_shellcheck_finds_something(self) -> None:
        self.assertIn("SC2086", run("shellcheck", "--shell=bash", "-", given="rm $1\n").stdout)

    def test_workflows(self) -> None:
        self.accepts("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
        self.accepts("check-jsonschema", "--builtin-schema", "vendor.github-actions", *ACTIONS)

    def test_gitlab(self) -> None:
        self.accepts("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", GITLAB)

    def test_schemas_find_something(self) -> None:
        done = run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", GITLAB)
        self.assertNotEqual(done.returncode, 0)

    def test_security_of_workflows(self) -> None:
        configuration = CI / "github" / "zizmor.yml"
        self.accepts("zizmor", "--offline", "--persona=auditor", "--config", configuration, *WORKFLOWS, *ACTIONS)

    def test_zizmor_finds_something(self) -> None:
        # Without the configuration, that the actions are not pinned.
        done = run("zizmor", "--offline", "--no-config", *WORKFLOWS)
        self.assertIn("unpinned-uses", done.stdout + done.stderr)

    def test_pipeline(self) -> None:
        self.accepts("cfn-lint", "--include-checks", "I", "--template", PIPELINE)

    def test_buildspecs(self) -> None:
        # There is no schema of buildspecs in any of the packages: what CodeBuild calls an error is little.
        self.assertEqual(set(buildspecs()), {"PlanProject", "ApplyProject"})
        for name, spec in buildspecs().items():
            with self.subTest(name):
                self.assertLessEqual(set(spec), {"version", "env", "phases", "reports", "artifacts"})
                self.assertEqual(spec["version"], 0.2)
                self.assertLessEqual(set(spec["phases"]["build"]), {"on-failure", "commands", "finally"})
                for command in spec["phases"]["build"]["commands"]:
                    self.assertIsInstance(command, str)


if __name__ == "__main__":
    unittest.main()
