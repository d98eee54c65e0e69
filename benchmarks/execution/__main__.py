"""`python -m benchmarks.execution`: run the parts, print their tables, write them into the docs."""

import argparse
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.execution import cage, data, parts, peers
from benchmarks.execution.ours import Installation
from benchmarks.execution.parts import Bench
from benchmarks.execution.report import Section, put_section
from benchmarks.execution.rounds import QUIET, Loads, load_per_core

DOC = data.ROOT / "docs" / "performance.md"
LEAST_ROUNDS = 5
PARTS = ("spark", "ray", "concurrency", "memory", "cage")


def main() -> None:
    args = arguments()
    if args.write and not args.force and (reason := not_to_be_written(args)):
        raise SystemExit(f"{reason} Nothing was measured. To write all the same: --force.")
    for name in [n for n in os.environ if n.startswith("ARCLIGHT_")]:
        del os.environ[name]  # The default settings are what is measured.
    # What was started is ended, and the folder removed, however this ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Short: sockets lie below it.
    with tempfile.TemporaryDirectory(prefix="arcx-") as folder:
        # Programs of a root service run as other users, who must pass.
        Path(folder).chmod(0o711)
        for section in sections(args, Path(folder)):
            show(section, args)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="this part; repeatable")
    parser.add_argument("--sizes", nargs="+", choices=data.SIZES, default=list(data.SIZES))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--ray-peer",
        nargs="?",
        type=Path,
        const=Path(),
        help="install ray[default] for `ray job submit`: into this folder, or one for this run",
    )
    parser.add_argument("--write", action="store_true", help=f"write {DOC.name}")
    parser.add_argument("--force", action="store_true", help="write all the same")
    return parser.parse_args()


def not_to_be_written(args: argparse.Namespace) -> str:
    """Why figures of such a run do not belong into the docs; empty when they do."""
    if (busy := load_per_core()) > QUIET:
        return f"The machine is busy: load {busy:.2f} per core, above {QUIET}."
    if args.rounds < LEAST_ROUNDS:
        return f"Written figures are medians of at least {LEAST_ROUNDS} rounds."
    return ""


def sections(args: argparse.Namespace, folder: Path) -> Iterator[Section]:
    """Each part as it is done."""
    wanted = set(args.only or PARTS)
    loads = Loads()
    inputs = [data.make(size, folder) for size in data.SIZES if size in args.sizes]
    bench = Bench(
        Installation(folder),
        peers.spark(folder),
        ray_venv(args, folder) if "ray" in wanted else "it was not asked for",
        args.rounds,
        loads,
    )
    yield from on_one_stack(bench, wanted, inputs)
    if "memory" in wanted:
        yield with_loads(bench, parts.start_and_memory(bench, inputs[0]))
    if "cage" in wanted:
        yield with_loads(bench, cage.measure(args.rounds, loads))


def on_one_stack(bench: Bench, wanted: set[str], inputs: list[data.Input]) -> Iterator[Section]:
    if not wanted & {"spark", "ray", "concurrency"}:
        return
    with bench.installation.up() as stack:
        print(f"a new home is ready after {stack.ready:.1f} s", flush=True)
        if "spark" in wanted:
            yield with_loads(bench, parts.spark(bench, stack, inputs))
        if "ray" in wanted:
            yield with_loads(bench, parts.ray(bench, stack, inputs))
        if "concurrency" in wanted:
            yield with_loads(bench, parts.concurrency(bench, stack, inputs[0]))


def ray_venv(args: argparse.Namespace, folder: Path) -> Path | str:
    """Where Ray with its job API is installed; or why it is not."""
    if args.ray_peer is None:
        return "`--ray-peer` was not said"
    venv = args.ray_peer if args.ray_peer != Path() else folder / "ray-venv"
    try:
        print(peers.install_ray(venv.absolute()), flush=True)
    except subprocess.CalledProcessError as error:
        return f"pip could not install it ({error})"
    return Path(venv.absolute())


def with_loads(bench: Bench, section: Section) -> Section:
    """The section with the loads since the last one."""
    seen = ", ".join(f"{load:.2f}" for load in bench.loads.seen)
    section.notes.append(f"Load per core before each round, our own included: {seen}.")
    bench.loads.seen.clear()
    return section


def show(section: Section, args: argparse.Namespace) -> None:
    """Print the section; write it if asked."""
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    when = f"Measured on {datetime.now(UTC):%Y-%m-%d}: {machine}"
    text = section.text(when)
    print(f"\n## {section.title}\n\n{text}", flush=True)
    if args.write:
        old = DOC.read_text() if DOC.exists() else "# Performance\n"
        DOC.write_text(put_section(old, section.title, text))


if __name__ == "__main__":
    main()
