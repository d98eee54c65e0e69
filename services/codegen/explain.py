"""What the planner makes of a question, without running anything: for `arclight plan`.

Looked up by module name, so its answer is plain data: what JSON can carry.
"""

from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from arclight.catalog.bad_upload import BadUpload
from arclight.catalog.intake import check_file
from arclight.catalog.names import unused_name
from arclight.catalog.profile import TableProfile
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.names import Framework
from services.codegen.generator import Ask
from services.codegen.planner.in_words import steps
from services.codegen.planner.outline import outline
from services.codegen.planner.plan import Planned
from services.codegen.planner.planner import framework_of, plan
from services.codegen.planner.render import render

_SURE = 0.9
"""The confidence from which a plan without a certainty of its own counts as sure."""

Explained = dict[str, JsonValue]


def explain(
    prompt: str,
    files: Sequence[Path] = (),
    framework: str = Framework.AUTO,
    *,
    before: Sequence[str] = (),
    trace: bool = False,
) -> Explained:
    """The plan in words, how certain it is, and the program; or, under `failure`, why not.

    `before`: earlier prompts that this one may continue, oldest first. Never raises for a prompt
    or a file that cannot be used.
    """
    try:
        ask = Ask(
            prompt=prompt,
            tables=tables_of(files),
            framework=Framework(framework),
            before=tuple(before),
            explain=trace,
        )
        return _explained(plan(ask), ask)
    except StepFailed as refused:
        return _refused(refused.failure)


def tables_of(files: Sequence[Path]) -> tuple[TableProfile, ...]:
    """The files as tables, named as an upload would be. Raises StepFailed."""
    taken: set[str] = set()
    tables = []
    for path in files:
        try:
            profile = check_file(path, path.name).profile
        except BadUpload as bad:
            raise StepFailed(_bad_file(path, bad)) from bad
        name = unused_name(profile.name, taken)
        taken.add(name.casefold())
        uri = path.absolute().as_uri()
        tables.append(profile.model_copy(update={"name": name, "uri": uri}))
    return tuple(tables)


def _explained(planned: Planned, ask: Ask) -> Explained:
    framework = framework_of(planned, ask)
    plain = outline(planned)
    return {
        "understood": True,
        "summary": planned.summary,
        "certainty": certainty_of(planned),
        "confidence": planned.confidence,
        "assumptions": [*planned.assumptions],
        "runners_up": [*getattr(planned, "runners_up", ())],
        "not_understood": [*getattr(planned, "not_understood", ())],
        "steps": [*steps(planned.root)],
        "framework": framework.value,
        "sources": [*plain.sources],
        "plan": [*plain.steps],
        "program": render(planned, framework),
        "trace": _trace(planned),
    }


def certainty_of(planned: Planned) -> str:
    """`sure` or `assumed`."""
    said = str(getattr(planned, "certainty", ""))
    return said or ("sure" if planned.confidence >= _SURE else "assumed")


def _trace(planned: Planned) -> list[JsonValue]:
    return [{"step": t.step, "text": t.text} for t in getattr(planned, "trace", ())]


def _refused(failure: Failure) -> Explained:
    words = failure.details.get("words", [])
    return {
        "understood": False,
        "certainty": "unclear",
        "not_understood": words,
        "choices": failure.details.get("choices", []),
        "failure": failure.model_dump(mode="json", exclude_none=True),
        "trace": failure.details.get("trace", []),
    }


def _bad_file(path: Path, bad: BadUpload) -> Failure:
    return Failure(
        kind=FailureKind.REQUEST,
        code=bad.code,
        message=f"{path}: {bad.message}",
        hint=bad.hint,
        details={"file": str(path)},
    )
