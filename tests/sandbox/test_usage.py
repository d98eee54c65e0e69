"""What a program hides from a look at its folder and at the sizes of its processes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from arclight.sandbox import tree
from arclight.sandbox.usage import DEEPEST, nameless, usage
from arclight.sandbox.watch import Reason
from tests.sandbox.works import launch

MIB = 1024**2


@contextmanager
def holding(code: str) -> Iterator[int]:
    """A process that ran `code` and holds still."""
    code += "\nprint('ready', flush=True)\nimport time\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield process.pid
        finally:
            process.kill()


def test_bytes_and_entries_are_counted_at_every_level(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(b"x" * MIB)
    os.symlink("/usr", tmp_path / "link")

    size, entries = usage(tmp_path, 1000)

    assert MIB <= size < 2 * MIB
    assert entries == 4


def test_counting_stops(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / str(number)).mkdir()

    assert usage(tmp_path, 10)[1] == 10


def test_what_is_gone_is_empty(tmp_path: Path) -> None:
    assert usage(tmp_path / "gone", 10) == (0, 0)


def test_a_tree_that_is_too_deep_counts_as_too_much(tmp_path: Path) -> None:
    top = here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(DEEPEST + 2):
        os.mkdir("d", dir_fd=here)
        here, last = os.open("d", os.O_RDONLY, dir_fd=here), here
        if last != top:
            os.close(last)
    os.close(here)
    os.close(top)

    assert usage(tmp_path, 5000)[1] == 5000


def test_memory_in_a_file_without_a_name_is_seen(tmp_path: Path) -> None:
    code = f"import os\nf = os.memfd_create('x')\nfor _ in range(50): os.write(f, b'm' * {MIB})"
    with holding(code) as pid:
        found = nameless([pid], tmp_path)
        assert 50 * MIB <= found.memory < 52 * MIB
        assert found.disk == 0
        process = psutil.Process(pid)
        known = tree.memory([process], 1 << 40, 0)
        assert tree.memory([process], 1 << 40) == pytest.approx(known + found.memory, abs=MIB)
        assert tree.memory([process], 0) > found.memory


def test_what_is_mapped_counts_once(tmp_path: Path) -> None:
    code = (
        f"import mmap, os\nf = os.memfd_create('x')\nos.ftruncate(f, 50 * {MIB})\n"
        f"m = mmap.mmap(f, 50 * {MIB})\nfor n in range(0, 50 * {MIB}, 4096): m[n] = 1"
    )
    with holding(code) as pid:
        process = psutil.Process(pid)
        for limit in (1 << 40, 0):
            found = tree.memory([process], limit)
            assert found == pytest.approx(tree.memory([process], limit, 0), abs=2 * MIB)


def test_an_open_file_without_a_name_is_output(tmp_path: Path) -> None:
    code = (
        f"import os\nf = open({str(tmp_path / 'f')!r}, 'wb')\nf.write(b'x' * {20 * MIB})\n"
        f"f.flush()\nos.unlink(f.name)"
    )
    with holding(code) as pid:
        found = nameless([pid], tmp_path)

    assert 20 * MIB <= found.disk < 22 * MIB
    assert found.memory == 0


def test_five_hundred_descriptors_are_looked_at_in_no_time(tmp_path: Path) -> None:
    code = "held = [open('/proc/self/stat') for _ in range(500)]"
    with holding(code) as pid:
        took = []
        for _ in range(5):
            began = time.perf_counter()
            nameless([pid], tmp_path)
            took.append(time.perf_counter() - began)

    assert min(took) < 0.01


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            "import os\nheld = [os.memfd_create('x') for _ in range(3)]\n"
            f"for n in range(200): os.write(held[n % 3], b'm' * {MIB})\n",
            Reason.MEMORY,
        ),
        (
            "import os\nheld = open('f', 'wb')\nos.unlink('f')\n"
            f"for _ in range(60): held.write(os.urandom({MIB}))\nheld.flush()\n",
            Reason.OUTPUT,
        ),
    ],
    ids=["memory", "disk"],
)
def test_a_run_that_hides_what_it_uses_is_ended(
    tmp_path: Path, source: str, reason: Reason
) -> None:
    source += "import time\ntime.sleep(20)"

    done = launch(source, tmp_path, memory=100 * MIB, output=20 * MIB)

    assert done.exit.reason is reason
