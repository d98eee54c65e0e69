"""Four real questions of real data, two on Spark and two on Ray: `make demo`.

Starts the whole installation in a folder of its own and stops it at the end. The folder stays, so
that the programs can be read and run.
"""

import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from arclight.cli.answer import failure_lines, print_result
from arclight.cli.follow import follow
from arclight.cli.stack.temporary import temporary_stack
from arclight.cli.term import Terminal
from arclight.client import Client
from arclight.client_views import JobView
from arclight.contracts.failure import ArclightError
from arclight.contracts.names import Framework
from arclight.runtime.settings import Settings

DATA = Path(__file__).parent / "data"
MAX_LINES = 80
"""Lines of a program that are shown; the file has them all."""


@dataclass(frozen=True)
class Question:
    prompt: str
    framework: Framework
    files: tuple[str, ...] = ()


QUESTIONS = (
    Question("total repair cost by wildlife size", Framework.SPARK, ("birdstrikes.csv",)),
    Question(
        "top 5 states by number of arriving flights",
        Framework.SPARK,
        ("flights-airport.csv", "airports.csv"),
    ),
    Question("average precipitation by calendar month", Framework.RAY, ("seattle-weather.csv",)),
    Question("first 10 prime numbers", Framework.RAY),
)


def ask(client: Client, question: Question, term: Terminal) -> JobView:
    """The job of this question, once it has ended."""
    sources = [client.upload(DATA / name).id for name in question.files]
    job = client.submit(question.prompt, sources=sources, framework=question.framework)
    return follow(client, job, term)


def show(client: Client, question: Question, job: JobView, seconds: float, folder: Path) -> bool:
    """Print the answer and where it comes from; True when there is one."""
    if job.result is None:
        if job.error is not None:
            print("\n".join(failure_lines(job.error, Terminal())))
        print(f"All attempts: {client.url}/v1/jobs/{job.id}/attempts")
        return False
    print()
    print_result(job.result)
    print()
    for assumption in job.plan.assumptions if job.plan else ():
        print(f"Assumed: {assumption}")
    program = client.code(job.id)
    path = folder / (re.sub(r"\W+", "_", question.prompt) + ".py")
    path.write_text(program)
    print(f"Took {seconds:.1f} s, {len(job.attempts)} attempt(s). The program, {path}:\n")
    lines = program.splitlines()
    print("\n".join(f"    {line}".rstrip() for line in lines[:MAX_LINES]))
    if len(lines) > MAX_LINES:
        print(f"    … {len(lines) - MAX_LINES} more lines")
    return True


def demo(questions: Sequence[Question], home: Path, term: Terminal) -> list[JobView]:
    """Ask all of them; the jobs in the same order."""
    folder = home / "programs"
    folder.mkdir(parents=True, exist_ok=True)
    jobs = []
    with temporary_stack(Settings(home=home), term) as client:
        for number, question in enumerate(questions, start=1):
            data = f" of {', '.join(question.files)}" if question.files else ""
            print(f"\n{number}. “{question.prompt}”{data}, on {question.framework}\n", flush=True)
            began = time.monotonic()
            jobs.append(ask(client, question, term))
            show(client, question, jobs[-1], time.monotonic() - began, folder)
            sys.stdout.flush()
    return jobs


def main() -> int:
    """Exit status 0 when every question has its answer."""
    term = Terminal()
    home = Path(tempfile.mkdtemp(prefix="arclight-demo-"))
    term.say(f"Starting Arclight in {home}")
    try:
        jobs = demo(QUESTIONS, home, term)
    except KeyboardInterrupt:
        return 130
    except ArclightError as error:
        term.say(str(error))
        return 1
    answered = sum(job.result is not None for job in jobs)
    print(f"\n{answered} of {len(jobs)} questions answered; nothing is left running.")
    print(f"Programs: {home / 'programs'}   Everything else: {home}")
    print(f"See them again: .venv/bin/arclight up --home {home}")
    print(f"           and: .venv/bin/arclight show --home {home} {jobs[-1].id}")
    return 0 if answered == len(jobs) else 1


if __name__ == "__main__":
    sys.exit(main())
