"""What avm knows of resource types is what the pinned cfn-lint says."""

import runpy
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = runpy.run_path(str(ROOT / "ci" / "resource-types.py"))


class ResourceTypes(unittest.TestCase):
    def test_the_tables_are_as_the_generator_makes_them(self) -> None:
        tables = GENERATOR["tables"]()
        self.assertEqual(
            {path.relative_to(ROOT).as_posix() for path in tables},
            {"src/template/replacement.tsv", "src/policy/handlers.tsv", "src/policy/readers.tsv"},
        )
        for path, text in tables.items():
            stored = path.read_text().splitlines()
            differing = set(stored).symmetric_difference(text.splitlines())
            self.assertEqual(
                sorted(differing)[:5], [], f"{path.name}: run ci/resource-types.py again"
            )
            self.assertEqual(path.read_text(), text)

    def test_a_name_that_cannot_be_changed_is_in_the_table(self) -> None:
        described = GENERATOR["schema"](GENERATOR["INDEX"]["AWS::S3::Bucket"])
        self.assertIn("/properties/BucketName", described["createOnlyProperties"])
        stored = (ROOT / "src/template/replacement.tsv").read_text().splitlines()
        bucket = next(line for line in stored if line.startswith("AWS::S3::Bucket\t"))
        self.assertIn("BucketName", bucket.split("\t")[1].split())


if __name__ == "__main__":
    unittest.main()
