"""One Settings for every process, read from `ARCLIGHT_*`; durations are timedeltas."""

import hashlib
import os
from datetime import timedelta
from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from arclight.contracts.names import Isolation

GIB = 1024**3
MIB = 1024**2


class Settings(BaseSettings):
    """Every knob, with its default for one machine."""

    model_config = SettingsConfigDict(env_prefix="ARCLIGHT_", extra="ignore", frozen=True)

    home: Path = Field(
        default=Path("~/.arclight"), description="Where one machine keeps its data and its key."
    )
    redis_url: str = Field(
        default="redis://127.0.0.1:6399/0",
        description="Store and broker in one.",
    )
    namespace: str = Field(
        default="arclight", pattern=r"^[a-z0-9_-]{1,32}$", description="Prefix of every key."
    )
    artifacts: str = Field(
        default="", description="`file:///…` or `s3://bucket/prefix`; empty: `<home>/artifacts`."
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8484, ge=1, le=65535)
    public_url: str = Field(default="", description="How others reach the gateway, for links.")
    api_keys: str = Field(
        default="", description="Comma-separated keys that a deployment hands in from its secret."
    )

    concurrency: int = Field(
        default=1, ge=1, le=64, description="Steps that one worker process group does at once."
    )
    lease: timedelta = Field(default=timedelta(seconds=30), description="Silence before takeover.")
    heartbeat: timedelta = Field(default=timedelta(seconds=10), description="A third of the lease.")
    cancel_poll: timedelta = Field(default=timedelta(seconds=1), description="Cancel flag is read.")
    reconcile_every: timedelta = timedelta(seconds=1)
    resend_after: timedelta = Field(
        default=timedelta(seconds=5), description="First re-send of an unclaimed message."
    )

    job_timeout: timedelta = Field(default=timedelta(minutes=15), description="Default deadline.")
    run_timeout: timedelta = Field(default=timedelta(minutes=10), description="One program run.")
    run_cores: int = Field(default=2, ge=1, description="Task threads of one program run.")
    run_memory: int = Field(default=4 * GIB, description="Bytes over all processes of one run.")
    run_output: int = Field(default=1 * GIB, description="Bytes that one run may write.")
    run_log: int = Field(default=1 * MIB, description="Bytes of log kept per run.")
    run_rows: int = Field(default=10_000_000, ge=1, description="Rows that one answer may have.")
    run_log_artifact: int = Field(
        default=64 * MIB, description="Bytes of each output stream that are kept as a file."
    )
    run_slots: int | None = Field(
        default=None,
        ge=1,
        le=64,
        description="Programs that one executor runs at a time; none: by cores and memory.",
    )
    isolation: Isolation = Field(
        default=Isolation.SHARED,
        description="`shared`: one warm engine for all callers, who trust each other. `job`: a cage"
        " and an engine of its own for each program.",
    )
    lazy: bool = Field(
        default=False, description="Start an engine at its first job instead of beforehand."
    )
    allow_uncaged: bool = Field(
        default=False,
        description="Run programs although nothing here can hold them. For a machine that has"
        " nothing to lose.",
    )
    scratch: Path | None = Field(
        default=None,
        description="Where runs get their scratch folders, best on the file system of the"
        " artifacts, which saves a copy of each input. None: below `home`, or for root below"
        " /var/tmp, where other users can reach it.",
    )
    java_home: Path | None = Field(
        default=None, description="A Java 17 or newer for Spark; none: the one that pip installed."
    )
    prepared: Path | None = Field(
        default=None,
        description="Folder of an image in which engines lie ready: Spark's layout and class"
        " archive. Read, never written; what does not fit is made below `home`.",
    )
    max_upload: int = Field(default=2 * GIB, description="Bytes of one uploaded file.")
    preview_rows: int = Field(default=100, ge=1, le=1000, description="Rows inside the record.")

    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="`whsec_…` that deliveries are signed with; during a rotation two of them, the"
        " new one first. Empty: `<home>/webhook.secret`, made at first use.",
    )
    webhook_allow_private: bool = Field(
        default=False,
        description="Deliver to private and loopback addresses too, and over plain http: for"
        " receivers on the same machine or inside the own network. Link-local and metadata"
        " addresses stay refused.",
    )

    rules_select: str = Field(
        default="",
        description="Comma-separated codes, or beginnings of codes, of the validator's rules that"
        " count; empty: all. Errors of the families SEC and PRV count in any case.",
    )
    rules_ignore: str = Field(
        default="",
        description="Rules that do not count, written likewise; an error of the families SEC and"
        " PRV is ignored by its full code only.",
    )
    rules_severity: str = Field(
        default="",
        description="Comma-separated severities other than the rules' own, such as `SPK005=error`.",
    )

    log_format: str = Field(default="json", pattern="^(json|console)$")

    @property
    def home_dir(self) -> Path:
        return self.home.expanduser().absolute()

    @property
    def scratch_dir(self) -> Path:
        """Programs of a root service run as other users, who must reach their folders."""
        if self.scratch is not None:
            return self.scratch.absolute()
        if os.geteuid() != 0:
            return self.home_dir / "run"
        mark = hashlib.sha256(os.fsencode(self.home_dir)).hexdigest()[:8]
        return Path("/var/tmp") / f"arclight-{mark}"

    @property
    def slots(self) -> int:
        """Programs that one executor runs at a time: as many as cores and memory carry."""
        if self.run_slots is not None:
            return self.run_slots
        # Half of the machine: the engines that wait warm, and the services, take the rest.
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
        return max(1, min(os.cpu_count() or 1, memory // self.run_memory))

    @property
    def artifact_root(self) -> str:
        return self.artifacts or (self.home_dir / "artifacts").as_uri()


@cache
def settings() -> Settings:
    """The process's settings. Tests build their own `Settings` instead of patching this."""
    return Settings()
