"""The embedded stack: start, watch over, stop. `up`, `run` and the demo use this one class."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

import httpx
import psutil

from arclight.cli.stack import plan, tree
from arclight.cli.stack.child import Child
from arclight.cli.stack.home import Endpoint, Home
from arclight.cli.stack.plan import Flower, StackError
from arclight.cli.stack.report import Report
from arclight.cli.stack.warden import Warden
from arclight.runtime import embedded
from arclight.runtime.keys import add_key, ensure_first_key
from arclight.runtime.services import SERVICES
from arclight.runtime.settings import Settings
from arclight.runtime.webhook_secret import signing_secrets
from arclight.sandbox.runner.client import health as runner_health
from arclight.sandbox.runner.paths import socket_of

START_TIMEOUT = 180.0
"""Seconds. The services take 5 s on two free cores, the engines another 30 s; a busy machine
several times that."""
GRACE = 10.0
"""Seconds from SIGTERM to SIGKILL. A step that is killed starts again at the next start."""
ABANDONED_GRACE = 5.0
"""Seconds, when `up` was killed: nobody waits, but workers may still let go of their steps."""
TICK = 0.1
"""Seconds between two looks at the processes."""


class Stack:
    """One installation on one machine. Use from one thread at a time."""

    def __init__(
        self, settings: Settings, report: Report, *, flower: bool = False, owner: bool = True
    ) -> None:
        """`owner`: this process does nothing but run the stack, so that every child is ours."""
        self.settings = settings
        self.home = Home(settings.home_dir)
        self.flower: Flower | None = plan.plan_flower(settings) if flower else None
        self.new_key: str | None = None
        """Set when this start made an API key: to be shown once."""
        self._report = report
        self._owner = owner
        self._children: list[Child] = []
        self._store: embedded.Running | None = None
        self._warden: Warden | None = None
        self._exit = ExitStack()
        self._tiers: dict[str, str] = {}

    @property
    def tier(self) -> str:
        """The weakest cage that programs run in here."""
        return min(self._tiers.values(), default="")

    @property
    def url(self) -> str:
        return plan.url_of(self.settings)

    def start(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Return when a job can go all the way, or early when `stopping`.

        Raises HomeInUse, StackError or EmbeddedServerError; nothing is left running then.
        """
        plan.check(self.settings, self.home)
        lock = self._exit.enter_context(self.home.locked())
        try:
            if self._owner:
                tree.adopt_orphans()
            self._warden = Warden.start(self.home.path, lock, ABANDONED_GRACE)
            self._start_store()
            self._keep_key()
            # A receiver can know the secret before the first delivery.
            signing_secrets(self.settings)
            self._start_services()
            self._wait(stopping)
            self.home.publish(Endpoint(url=self.url, pid=psutil.Process().pid))
        except BaseException:
            self.stop()
            raise

    def tick(self) -> None:
        """Look after the processes: start again what died."""
        self._look_after_store()
        for child in self._children:
            if how := child.died():
                self._sweep()
                self._report.say(
                    f"{child.name} ended with {how}; starting it again in {child.pause:.0f} s. "
                    f"Its log is {child.log}."
                )
            if child.due:
                self._launch(child)

    def run(self, stopping: Callable[[], bool]) -> None:
        """Tick until `stopping`."""
        while not stopping():
            self.tick()
            time.sleep(TICK)

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """End everything, the store last; idempotent. `hurry` cuts the grace period short."""
        pids = [c.pid for c in self._children if c.pid is not None]
        tree.end([psutil.Process(p) for p in pids if psutil.pid_exists(p)], GRACE, hurry)
        for child in self._children:
            child.reap()
        self._children = []
        if self._store is not None:
            self._store.stop()
            self._store = None
        self._sweep()
        if self._warden is not None:
            self._warden.dismiss()
            self._warden = None
        self._exit.close()

    def _start_store(self) -> None:
        if "redis_url" in self.settings.model_fields_set:
            self._report.say("Using the store that ARCLIGHT_REDIS_URL names.")
            return
        self._report.service("store", "starting")
        began = time.monotonic()
        self._store = embedded.start_valkey(self.home.valkey)
        self._watch(self._store.pid, store=True)
        self.settings = self.settings.model_copy(update={"redis_url": self._store.url})
        self._report.service("store", "ready", time.monotonic() - began)

    def _keep_key(self) -> None:
        """This user's commands need a key: the first one, the configured one, or one more."""
        made = ensure_first_key(self.settings)
        configured = self.settings.api_keys.split(",")[0].strip()
        if configured:
            self.home.keep_api_key(configured)
            return
        if made is None and self.home.api_key() is None:
            made = add_key(self.settings, "command line")
        if made is not None:
            self.home.keep_api_key(made)
            self.new_key = made

    def _start_services(self) -> None:
        children = [plan.service_child(s, self.settings, self.home) for s in SERVICES]
        if self.flower is not None:
            children.append(plan.flower_child(self.flower, self.settings, self.home))
        for child in children:
            self._children.append(child)
            self._launch(child)
            self._report.service(child.name, "starting")

    def _wait(self, stopping: Callable[[], bool]) -> None:
        began = time.monotonic()
        waiting = {c.name for c in self._children}
        with httpx.Client(base_url=self.url, timeout=10.0, trust_env=False) as client:
            while waiting and not stopping():
                self._all_alive()
                answering = self._answering(client)
                for name in [c.name for c in self._children if c.name in answering & waiting]:
                    waiting.remove(name)
                    self._report.service(name, "ready", time.monotonic() - began)
                if time.monotonic() - began > START_TIMEOUT:
                    raise StackError(
                        f"Not ready after {START_TIMEOUT:.0f} s: {', '.join(sorted(waiting))}. "
                        f"The logs are in {self.home.logs}."
                    )
                time.sleep(TICK)

    def _answering(self, client: httpx.Client) -> set[str]:
        """The services that are known to work now."""
        try:
            body = client.get("/ready").json()
        except (httpx.HTTPError, ValueError):
            return set()
        queues = body.get("queues", {})
        ready = {s.name for s in SERVICES if s.queue is not None and queues.get(s.queue)}
        ready |= {s.name for s in SERVICES if s.runner and self._warm(s.runner)}
        ready.add("gateway")
        if len(ready) == len(SERVICES) - len(_UNASKED):
            # They answer nobody; by now they had more time than the slowest of the others.
            ready |= _UNASKED
        if self.flower is not None and not plan.can_bind("127.0.0.1", self.flower.port):
            ready.add("flower")
        return ready

    def _warm(self, engine: str) -> bool:
        """True when the runner's engines are up, or it starts them when they are needed."""
        health = runner_health(socket_of(self.settings, engine))
        if health is None:
            return False
        self._tiers[engine] = health.tier
        return health.warm

    def _all_alive(self) -> None:
        for child in self._children:
            if how := child.died():
                raise StackError(
                    f"{child.name} ended with {how} at its start: {child.last_words()} "
                    f"Its log is {child.log}."
                )

    def _look_after_store(self) -> None:
        if self._store is None or self._store.process.poll() is None:
            return
        self._report.say("The store ended; starting it again.")
        self._store = embedded.start_valkey(self.home.valkey, self._store.port)
        self._watch(self._store.pid, store=True)

    def _launch(self, child: Child) -> None:
        self._watch(child.start())

    def _watch(self, pid: int, *, store: bool = False) -> None:
        assert self._warden is not None
        self._warden.watch(pid, store=store)

    def _sweep(self) -> None:
        """End what a killed worker left behind: it works on a step that will start again."""
        if self._owner:
            tree.sweep(self._known())

    def _known(self) -> set[int]:
        own: Sequence[int | None] = [
            self._warden.pid if self._warden else None,
            self._store.pid if self._store else None,
            *(c.pid for c in self._children),
        ]
        return {pid for pid in own if pid is not None}


_UNASKED = {
    s.name for s in SERVICES if s.queue is None and s.runner is None and s.name != "gateway"
}
