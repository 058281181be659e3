"""The files of the CI kits, as data."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
CI = ROOT / "ci"
TOOLS = Path(sys.executable).parent

WORKFLOWS = [CI / "github" / "example-workflow.yml", CI / "github" / "example-drift.yml"]
ACTIONS = [CI / "github" / "action.yml", CI / "github" / "setup" / "action.yml"]
GITLAB = CI / "gitlab" / ".gitlab-ci.yml"
PIPELINE = CI / "codepipeline" / "pipeline.yaml"


class _Loader(yaml.SafeLoader):
    """Leaves `on:` a text, and reads CloudFormation's `!Ref X` as `X`."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first not in "oO"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_multi_constructor("!", lambda loader, _, node: node.value)


def read(path: Path | str) -> dict[str, Any]:
    """A file, or a text, of YAML."""
    return yaml.load(path.read_text() if isinstance(path, Path) else path, Loader=_Loader)


def steps(path: Path) -> Iterator[dict[str, Any]]:
    """The steps of an action, or of all jobs of a workflow."""
    document = read(path)
    if "runs" in document:
        yield from document["runs"]["steps"]
    for job in document.get("jobs", {}).values():
        yield from job["steps"]


def scripts() -> list[Path]:
    """What a shell runs as a file."""
    folders = [CI / "kit", CI / "github", CI / "gitlab"]
    files = [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]
    return [path for path in files if path.read_text().startswith(("#!/usr/bin/env bash", "# What plan and apply"))]


def fragments() -> Iterator[tuple[str, str]]:
    """What a shell runs that stands in YAML, each with where it is from."""
    for path in WORKFLOWS + ACTIONS:
        for index, step in enumerate(steps(path)):
            if "run" in step:
                yield f"{path.relative_to(ROOT)} step {index}", step["run"]
    for name, job in read(GITLAB).items():
        for key in ("before_script", "script", "after_script"):
            if isinstance(job, dict) and key in job:
                yield f"{name} {key}", "\n".join(job[key])
    for name, build in buildspecs().items():
        phase = build["phases"]["build"]
        yield name, "\n".join(phase["commands"] + phase.get("finally", []))


def buildspecs() -> dict[str, dict[str, Any]]:
    """The instructions of the pipeline's builds, by the resource."""
    resources = read(PIPELINE)["Resources"]
    projects = {name: r for name, r in resources.items() if r["Type"] == "AWS::CodeBuild::Project"}
    return {name: read(source_of(project)) for name, project in projects.items()}


def source_of(project: dict[str, Any]) -> str:
    """A project's own instructions, in YAML."""
    return project["Properties"]["Source"]["BuildSpec"]
