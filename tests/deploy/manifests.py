"""The deployment files as data."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from arclight.runtime.services import Service

ROOT = Path(__file__).parents[2]
K8S = ROOT / "deploy" / "k8s"
DOCKERIGNORE = ROOT / ".dockerignore"
ENV_EXAMPLE = ROOT / "deploy" / "docker" / "env.example"
SECRETS: Mapping[str, str] = {
    "ARCLIGHT_API_KEYS": "arc_1",
    "REDIS_PASSWORD": "ab12",
    "FLOWER_BASIC_AUTH": "me:x",
    "ARCLIGHT_WEBHOOK_SECRET": "whsec_x",
}
"""What an operator has to fill in, filled in."""
RUNNER = "runner"
"""Name of the container beside an executor in Kubernetes."""

_VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?::([-?])([^}]*))?\})")


@dataclass
class Target:
    """One stage of the Dockerfile with all that it inherits."""

    name: str
    env: dict[str, str] = field(default_factory=dict)
    copies: list[tuple[Sequence[str], str]] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    user: str = "root"
    command: Sequence[str] = ()
    healthcheck: Sequence[str] = ()
    ports: list[int] = field(default_factory=list)

    def child(self, name: str) -> "Target":
        return Target(name, dict(self.env), list(self.copies), list(self.runs))

    @property
    def extras(self) -> set[str]:
        """What the `pip install` of the project names in brackets."""
        (install,) = (r for r in self.runs if "pip install" in r)
        wanted = re.fullmatch(r"\.(?:\[([\w,]+)\])?", shlex.split(install)[-1])
        assert wanted, install
        return set((wanted[1] or "").split(",")) - {""}

    @property
    def services(self) -> set[str]:
        """The folders of services/ that it carries; `*` is all of them."""
        found = (
            re.fullmatch(r"services/(?:(\w+)/)?", s) for sources, _ in self.copies for s in sources
        )
        return {m[1] or "*" for m in found if m}


@cache
def targets() -> Mapping[str, Target]:
    """Every stage of the Dockerfile by name."""
    stages: dict[str, Target] = {}
    now = Target("")
    for word, rest in _instructions(ROOT / "deploy" / "docker" / "Dockerfile"):
        match word:
            case "FROM":
                origin, _, name = rest.split()
                now = stages[name] = (
                    stages[origin].child(name) if origin in stages else Target(name)
                )
            case "ENV":
                now.env |= dict(pair.split("=", 1) for pair in shlex.split(rest))
            case "COPY":
                *sources, to = shlex.split(rest)
                now.copies.append((sources, to))
            case "RUN":
                now.runs.append(re.sub(r"--mount=\S+\s+", "", rest))
            case "USER":
                now.user = rest
            case "EXPOSE":
                now.ports.append(int(rest))
            case "CMD":
                now.command = yaml.safe_load(rest)
            case "HEALTHCHECK":
                now.healthcheck = yaml.safe_load(rest.partition("CMD")[2] or "[]")
            case "WORKDIR" | "VOLUME":
                pass
            case other:
                raise AssertionError(f"an instruction this test does not know: {other}")
    return stages


def _instructions(path: Path) -> Iterator[tuple[str, str]]:
    lines = (line for line in path.read_text().splitlines() if not line.startswith("#"))
    joined = "\n".join(lines).replace("\\\n", " ")
    for line in filter(str.strip, joined.splitlines()):
        word, _, rest = line.strip().partition(" ")
        yield word, rest.strip()


def compose(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """docker-compose.yml; with `environment`, its variables filled in as compose does."""
    text = (ROOT / "docker-compose.yml").read_text()
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded if environment is None else _filled(loaded, environment)


class Unset(Exception):
    """A variable that must be set is not."""


def _filled(value: Any, environment: Mapping[str, str]) -> Any:
    def fill(m: re.Match[str]) -> str:
        dollar, name, how, text = m.groups()
        if dollar:
            return "$"
        if environment.get(name):
            return environment[name]
        if how == "?":
            raise Unset(name)
        return text or ""

    match value:
        case str():
            return _VARIABLE.sub(fill, value)
        case list():
            return [_filled(v, environment) for v in value]
        case dict():
            return {k: _filled(v, environment) for k, v in value.items()}
        case _:
            return value


@cache
def kubernetes() -> Sequence[Mapping[str, Any]]:
    """Every object of every file, the kustomization left out."""
    files = sorted(f for f in K8S.glob("*.yaml") if f.name != "kustomization.yaml")
    return [d for f in files for d in yaml.safe_load_all(f.read_text())]


def of_kind(kind: str) -> Mapping[str, Mapping[str, Any]]:
    """The objects of one kind by name."""
    return {d["metadata"]["name"]: d for d in kubernetes() if d["kind"] == kind}


def pod_of(workload: Mapping[str, Any]) -> Mapping[str, Any]:
    pod: Mapping[str, Any] = workload["spec"]["template"]["spec"]
    return pod


def container_of(workload: Mapping[str, Any]) -> Mapping[str, Any]:
    (container,) = pod_of(workload)["containers"]
    return container  # type: ignore[no-any-return]


def containers_of(workload: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Every container of its pod by name, those that start first included."""
    pod = pod_of(workload)
    return {c["name"]: c for c in (*pod.get("initContainers", ()), *pod["containers"])}


def executor_of(runner: Service) -> str:
    """The service that a runner lives beside: the one whose folder it is in."""
    return runner.module.split(".")[1]


def service_name(name: str) -> str:
    """Kubernetes names have hyphens where ours have underscores."""
    return name.replace("-", "_")


def mebibytes(size: str | int) -> float:
    """`512Mi`, `512m`, `7g`, `1Gi` in MiB."""
    m = re.fullmatch(r"([\d.]+)([mMgG])i?", str(size))
    assert m, size
    return float(m[1]) * (1024 if m[2] in "gG" else 1)
