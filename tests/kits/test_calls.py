"""The examples run the scripts that tests/integration/kits runs against the sandbox, and keep the roles apart."""

import os
import re
import unittest
from typing import Any

from kit import ACTIONS, CI, GITLAB, PIPELINE, WORKFLOWS, buildspecs, read, scripts, steps

WORKFLOW, DRIFT = WORKFLOWS
IN_IMAGE = "/usr/local/lib/avm/"


def used(steps_of: list[dict[str, Any]], action: str) -> dict[str, Any]:
    """What the one step with this action is given."""
    (step,) = [step for step in steps_of if step.get("uses", "").split("@")[0] == action]
    return step["with"]


class GitHub(unittest.TestCase):
    """The workflows and the action."""

    def test_the_action_runs_the_scripts_of_the_kit(self) -> None:
        runs = [step["run"] for step in steps(ACTIONS[0]) if "run" in step]
        self.assertIn('exec "$GITHUB_ACTION_PATH/../kit/$AVM_COMMAND"', [run.strip() for run in runs])
        for name in ("comment", "reviewed", "newest"):
            self.assertTrue(any(f'"$GITHUB_ACTION_PATH/{name}"' in run for run in runs), name)

    def test_the_action_gives_the_scripts_what_they_read(self) -> None:
        (run,) = [step for step in steps(ACTIONS[0]) if step.get("id") == "run"]
        read_by_scripts = {
            line.split()[1]
            for script in ("plan", "apply")
            for line in (CI / "kit" / script).read_text().splitlines()
            if line.startswith("#   AVM")
        }
        self.assertEqual(set(run["env"]) - {"AVM_COMMAND"}, read_by_scripts)

    def test_no_expression_stands_in_a_shell(self) -> None:
        for path in WORKFLOWS + ACTIONS:
            for step in steps(path):
                self.assertNotIn("${{", step.get("run", ""), path)

    def test_every_job_runs_the_action_with_its_own_role(self) -> None:
        jobs = read(WORKFLOW)["jobs"]
        expected = {"review": ("plan", "AVM_PLAN_ROLE"), "plan": ("plan", "AVM_PLAN_ROLE"), "apply": ("apply", "AVM_APPLY_ROLE")}
        self.assertEqual(set(jobs) - {"fork"}, set(expected))
        for name, (command, role) in expected.items():
            self.assertEqual(used(jobs[name]["steps"], "./.avm/ci/github")["command"], command)
            taken = used(jobs[name]["steps"], "aws-actions/configure-aws-credentials")["role-to-assume"]
            self.assertEqual(taken, f"${{{{ vars.{role} }}}}")

    def test_what_runs_with_the_roles_is_named_in_the_reviewed_file(self) -> None:
        # Variables of a repository can be changed by whoever may push to it, also after an approval.
        for path in WORKFLOWS:
            workflow = read(path)
            self.assertEqual(set(workflow["env"]), {"AVM_REPOSITORY", "AVM_REF"})
            self.assertRegex(workflow["env"]["AVM_REF"], "^[0-9a-f]{40}$")
            for job in workflow["jobs"].values():
                for step in job["steps"]:
                    given = step.get("with", {})
                    if given.get("path") == ".avm":
                        self.assertEqual(given["repository"], "${{ env.AVM_REPOSITORY }}")
                        self.assertEqual(given["ref"], "${{ env.AVM_REF }}")
            self.assertEqual(
                set(re.findall(r"vars\.(\w+)", path.read_text())) - {"AVM_PLAN_ROLE", "AVM_APPLY_ROLE", "AVM_REGION"}, set()
            )

    def test_apply_waits_for_an_approval_of_the_plan_whose_digest_it_demands(self) -> None:
        jobs = read(WORKFLOW)["jobs"]
        self.assertEqual(jobs["apply"]["environment"], "production")
        self.assertEqual(jobs["apply"]["needs"], "plan")
        self.assertEqual(jobs["apply"]["if"], "needs.plan.outputs.changes == 'true'")
        self.assertEqual(used(jobs["apply"]["steps"], "./.avm/ci/github")["digest"], "${{ needs.plan.outputs.digest }}")
        self.assertEqual(jobs["plan"]["outputs"]["digest"], "${{ steps.avm.outputs.digest }}")

    def test_no_run_on_main_is_cancelled_and_no_two_run_at_once(self) -> None:
        concurrency = read(WORKFLOW)["concurrency"]
        self.assertEqual(concurrency["cancel-in-progress"], "${{ github.event_name == 'pull_request' }}")
        self.assertTrue(concurrency["group"].endswith("|| 'apply' }}"), concurrency["group"])

    def test_forks_get_no_credentials(self) -> None:
        workflow = read(WORKFLOW)
        self.assertEqual(set(workflow["on"]), {"pull_request", "push", "workflow_dispatch"})
        self.assertEqual(workflow["permissions"], {})
        self.assertNotIn("permissions", workflow["jobs"]["fork"])
        same = "github.event.pull_request.head.repo.full_name == github.repository"
        self.assertIn(same, workflow["jobs"]["review"]["if"])

    def test_the_night_only_reads(self) -> None:
        (job,) = read(DRIFT)["jobs"].values()
        self.assertEqual(job["permissions"], {"contents": "read", "id-token": "write"})
        self.assertEqual(used(job["steps"], "./.avm/ci/github")["command"], "plan")


class Others(unittest.TestCase):
    """GitLab and CodePipeline."""

    def test_all_run_the_scripts_of_the_kit(self) -> None:
        gitlab = read(GITLAB)
        self.assertEqual(gitlab["avm:plan"]["script"], [f"{IN_IMAGE}ci/kit/plan"])
        self.assertEqual(gitlab["avm:apply"]["script"], [f"{IN_IMAGE}ci/kit/apply"])
        self.assertEqual(gitlab["avm:drift"]["script"][0], f"{IN_IMAGE}ci/kit/plan")
        self.assertIn(f"{IN_IMAGE}ci/kit/plan", buildspecs()["PlanProject"]["phases"]["build"]["commands"])
        self.assertIn(f"{IN_IMAGE}ci/kit/apply", buildspecs()["ApplyProject"]["phases"]["build"]["commands"])
        containerfile = (CI / "kit" / "Containerfile").read_text()
        for folder in ("ci/kit", "ci/gitlab"):
            self.assertIn(f"COPY {folder} {IN_IMAGE}{folder}\n", containerfile)

    def test_every_script_can_be_run(self) -> None:
        for script in scripts():
            self.assertEqual(os.access(script, os.X_OK), script.name != "common", script)

    def test_gitlab_keeps_the_roles_apart_and_applies_one_at_a_time(self) -> None:
        gitlab = read(GITLAB)
        self.assertEqual(gitlab["avm:plan"]["variables"]["AWS_ROLE_ARN"], "$AVM_PLAN_ROLE")
        apply = gitlab["avm:apply"]
        self.assertEqual(apply["variables"]["AWS_ROLE_ARN"], "$AVM_APPLY_ROLE")
        self.assertEqual(apply["environment"]["name"], "production")
        self.assertEqual(apply["resource_group"], "avm-production")
        self.assertEqual([rule["when"] for rule in apply["rules"]], ["manual"])

    def test_each_build_of_the_pipeline_may_take_one_role(self) -> None:
        resources = read(PIPELINE)["Resources"]
        for build, role in (("PlanBuildRole", "PlanRoleArn"), ("ApplyBuildRole", "ApplyRoleArn")):
            (policy,) = resources[build]["Properties"]["Policies"]
            statements = policy["PolicyDocument"]["Statement"]
            taken = [s["Resource"] for s in statements if s["Action"] == "sts:AssumeRole"]
            self.assertEqual(taken, [role])

    def test_the_pipeline_approves_the_plan_whose_digest_it_hands_on(self) -> None:
        stages = read(PIPELINE)["Resources"]["Pipeline"]["Properties"]["Stages"]
        approve, apply = stages[2]["Actions"]
        self.assertLess(approve["RunOrder"], apply["RunOrder"])
        for action, key in ((approve, "CustomData"), (apply, "EnvironmentVariables")):
            self.assertIn("#{Plan.AVM_DIGEST}", action["Configuration"][key])
        exported = buildspecs()["PlanProject"]["env"]["exported-variables"]
        self.assertEqual(exported, ["AVM_CHANGES", "AVM_DIGEST"])


if __name__ == "__main__":
    unittest.main()
