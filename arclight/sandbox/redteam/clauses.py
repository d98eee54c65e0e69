"""What a cage must hold, clause by clause: the table's rows and the order of its groups."""

from enum import StrEnum


class Clause(StrEnum):
    """One promise. Its value stands in the headers of programs."""

    CANARY = "canary"
    OUTSIDE = "outside"
    LISTENER = "listener"
    SURVIVORS = "survivors"
    DEADLINE = "deadline"
    SERVICE = "service"
    FORGED = "forged"
    MISSING = "missing"
    BOUNDED = "bounded"
    LIMITS = "limits"
    DESCRIPTORS = "descriptors"
    SIGNALS = "signals"
    CONTROL = "control"
    NAMES = "names"
    REMOVED = "removed"
    SECRETS = "secrets"
    END = "end"
    WARM = "warm"
    HOST = "host"

    @property
    def promise(self) -> str:
        """The clause as a sentence."""
        return _PROMISES[self]


_PROMISES = {
    Clause.CANARY: "No canary value leaves, in any encoding.",
    Clause.OUTSIDE: "Nothing outside the job's folder and its private tmp changes.",
    Clause.LISTENER: "No listener outside is contacted.",
    Clause.SURVIVORS: "No process of the job is left 30 s after its end.",
    Clause.DEADLINE: "The deadline holds, with 10 s to spare.",
    Clause.SERVICE: "The service, the next job and a job beside it are right.",
    Clause.FORGED: "A forged status, result or row count is not accepted.",
    Clause.MISSING: "A declared output that is missing fails the job.",
    Clause.BOUNDED: "Output, memory, tasks, bytes and directory entries are bounded.",
    Clause.LIMITS: "Limits cannot be raised.",
    Clause.DESCRIPTORS: "Only descriptors 0, 1, 2 and the control socket are open.",
    Clause.SIGNALS: "No process outside can be signalled.",
    Clause.CONTROL: "Control characters are made harmless in every channel.",
    Clause.NAMES: "Hostile names and links are refused, set-id bits dropped.",
    Clause.REMOVED: "The job's folder is removed whole.",
    Clause.SECRETS: "Secrets do not stand in error texts.",
    Clause.END: "A job ends with its main process, not with a closed pipe.",
    Clause.WARM: "A warm engine keeps nothing of a job.",
    Clause.HOST: "The machine is as it was.",
}
