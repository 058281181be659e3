"""What docs/ci.md names is there: files, parameters, inputs, variables, messages."""

import re
import unittest

from kit import ACTIONS, CI, GITLAB, PIPELINE, ROOT, WORKFLOWS, read

TEXT = (ROOT / "docs" / "ci.md").read_text()
ROLES = ROOT / "templates" / "runner-roles.yaml"
MEMBER = ROOT / "templates" / "runner-member.yaml"

# Said by others than avm and its kits, or, the last, put together from two words; tests/integration/kits meets it.
OF_OTHERS = {
    "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    "Credentials could not be loaded",
    "Artifact not found for name: avm-plan-landing-zone",
    "error: credentials failed",
}


class Documentation(unittest.TestCase):
    """docs/ci.md."""

    def test_files(self) -> None:
        named = set(re.findall(r"(?:^|[\s`/(])((?:ci|templates)/[\w./-]*[\w])", TEXT))
        self.assertGreater(len(named), 10)
        for name in named - {"templates/cloudtrail.yaml"}:
            self.assertTrue((ROOT / name).exists(), name)

    def test_links(self) -> None:
        for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
            self.assertTrue((ROOT / "docs" / link).exists(), link)

    def test_parameters(self) -> None:
        known = {name for path in (ROLES, MEMBER, PIPELINE) for name in read(path)["Parameters"]}
        overrides = re.findall(r"--parameter-overrides(.*?)\n *(?:\n|```)", TEXT, re.DOTALL)
        given = {name for text in overrides for name in re.findall(r"\s(\w+)=", text)}
        given |= set(re.findall(r"ParameterKey=(\w+)", TEXT))
        given |= set(re.findall(r"`(\w+(?:Principals|Subjects|ProviderArn))\b", TEXT))
        self.assertGreater(len(given), 10)
        self.assertEqual(given - known, set())

    def test_inputs_and_outputs(self) -> None:
        action = read(ACTIONS[0])
        (inputs,) = re.findall(r"Inputs of the action: (.*?)Outputs:", TEXT, re.DOTALL)
        (outputs,) = re.findall(r"Outputs:\n?(.*?)To have", TEXT, re.DOTALL)
        self.assertLessEqual(set(action["inputs"]), set(re.findall(r"`([\w-]+)`", inputs)))
        self.assertEqual(set(action["outputs"]), set(re.findall(r"`([\w-]+)`", outputs)))

    def test_variables(self) -> None:
        files = [path.read_text() for path in (*WORKFLOWS, GITLAB)]
        asked = set(re.findall(r"(?:vars|env)\.(\w+)", "".join(files)))
        self.assertEqual(asked, set(re.findall(r"`(AVM_(?!NAME|GITLAB)\w+)`", TEXT)))

    def test_messages(self) -> None:
        (table,) = re.findall(r"## Troubleshooting\n(.*)", TEXT, re.DOTALL)
        messages = set(re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)) - OF_OTHERS
        self.assertGreater(len(messages), 6)
        files = [path for folder in (CI, ROOT / "src") for path in folder.rglob("*") if path.is_file()]
        sources = "\n".join(path.read_text() for path in files)
        for message in messages:
            # Values stand between the parts.
            for part in re.split(r"\.\.\.|'[^']*'|^error: ", message):
                words = part.strip(" ,").removeprefix("main ")
                self.assertTrue(words in sources, f"{message}: {words}")


if __name__ == "__main__":
    unittest.main()
