"""The README's session with curl, run as it is written."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.stack.running import Up

pytestmark = [pytest.mark.stack, pytest.mark.spark, pytest.mark.ray]

ROOT = Path(__file__).parents[2]
SECTION = re.compile(r"## A session with curl\n(.*?)\n## ", re.DOTALL)
BLOCK = re.compile(r"```sh\n(.*?)```\n```text\n(.*?)```", re.DOTALL)
VARYING = re.compile(r"(src|job)_[0-9a-f]{28}")


def test_the_session_with_curl_works_as_written(stack: Up) -> None:
    found = SECTION.search((ROOT / "README.md").read_text())
    assert found is not None
    blocks = BLOCK.findall(found[1])
    assert len(blocks) == 6
    marks = [f"{commands}\necho '=== {n}'" for n, (commands, _) in enumerate(blocks)]
    script = "set -euo pipefail\n" + "\n".join(marks)
    script = script.replace("http://127.0.0.1:8484", stack.url)
    script = script.replace("~/.arclight", str(stack.home.path))

    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    said = re.split(r"=== \d\n", done.stdout)
    for (_, promised), got in zip(blocks, said, strict=False):
        assert VARYING.sub("#", got).strip() == VARYING.sub("#", promised).strip()
