"""Follow-ups: `now by region`, `only 2014`, `as a percentage` change the question before them.

A follow-up changes either the question, in words (`merge`), or the answer that the question's plan
gives (`edits.py`). Anything else is a new question, and what was asked before is forgotten.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from arclight.catalog.profile import TableProfile
from arclight.contracts.failure import Failure, StepFailed
from services.codegen.generator import Ask
from services.codegen.planner.edits import Edit, Order, change, edit_of
from services.codegen.planner.followup_shapes import SHAPES, without_lead
from services.codegen.planner.plan import Planned

PlanFor = Callable[[Ask], Planned]


@dataclass(frozen=True)
class Thread:
    """Where a conversation stands: one question, and the edits of its answer."""

    question: str
    edits: tuple[Edit, ...] = ()
    begun: str = ""
    """The question that the thread began with, as it was asked."""


def merge(before: str, now: str, tables: Sequence[TableProfile] = ()) -> str | None:
    """The question that `now` makes of `before`; None when `now` stands for itself.

    `tables` help to tell which words of `before` a value such as `Texas` takes the place of.
    """
    said = without_lead(now)
    if not before.strip() or not said.core:
        return None
    for shape in SHAPES:
        merged = shape(before.strip().rstrip(" ?.!;,"), said, tables)
        if merged is not None:
            return " ".join(merged.split())
    return None


def thread_of(prompts: Sequence[str], tables: Sequence[TableProfile] = ()) -> Thread:
    """What the prompts, oldest first, come to. The last one decides whether it is a follow-up."""
    thread = Thread("")
    for prompt in prompts:
        thread = _next(thread, prompt, tables)
    return thread


def _next(thread: Thread, prompt: str, tables: Sequence[TableProfile]) -> Thread:
    if not thread.question:
        return Thread(prompt, begun=prompt)
    edit = edit_of(without_lead(prompt).core)
    if edit is not None:
        kept = tuple(e for e in thread.edits if not edit.replaces(e))
        return replace(thread, edits=(*kept, edit))
    merged = merge(thread.question, prompt, tables)
    if merged is None:
        return Thread(prompt, begun=prompt)
    return replace(thread, question=merged)


def continued(ask: Ask, plan: PlanFor) -> Planned:
    """The plan of a prompt that may continue `ask.before`. Raises StepFailed.

    What was made of the prompts is said as an assumption. A prompt that is understood alone and
    not as a follow-up is a new question.
    """
    alone = ask.model_copy(update={"before": ()})
    thread = thread_of((*ask.before, ask.prompt), ask.tables)
    if thread.question == ask.prompt and not thread.edits:
        return plan(alone)
    try:
        planned = plan(alone.model_copy(update={"prompt": thread.question}))
    except StepFailed as refused:
        raise StepFailed(_told(refused, thread)) from refused
    notes = [_note(thread)]
    for number, edit in enumerate(thread.edits):
        ordered = any(isinstance(e, Order) for e in thread.edits[:number])
        planned, note = change(planned, edit, ordered=ordered)
        notes.append(note)
    return replace(
        planned, assumptions=(*notes, *planned.assumptions), question=_asked(thread, ask.prompt)
    )


def _note(thread: Thread) -> str:
    if thread.question == thread.begun:
        return f"continued from: {thread.begun}"
    return f"continued from: {thread.begun}; read as: {thread.question}"


def _asked(thread: Thread, now: str) -> str:
    return f"{now.strip()} (continued from: {thread.begun})"


def _told(refused: StepFailed, thread: Thread) -> Failure:
    """The refusal says what was made of the follow-up."""
    failure = refused.failure
    message = f"{failure.message} It was read as a follow-up: {thread.question!r}."
    return failure.model_copy(
        update={"message": message, "details": {**failure.details, "read_as": thread.question}}
    )


__all__ = ["PlanFor", "Thread", "continued", "merge", "thread_of"]
