# ---
# id = "host-core-pattern"
# title = "Changes settings of the kernel"
# clause = "host"
# engine = "python"
# expects = ["host"]
# destructive = true
# ---
# mypy: ignore-errors
import contextlib
import json

with open("probe.json") as f:
    P = json.load(f)

for name in ("kernel/core_pattern", "kernel/hostname", "kernel/pid_max", "vm/overcommit_memory"):
    with contextlib.suppress(OSError):
        with open(f"/proc/sys/{name}") as f:
            text = f.read().strip()
        with open(f"/proc/sys/{name}", "w") as f:
            f.write(
                {"kernel/core_pattern": "|/bin/true", "kernel/hostname": "arcprobe"}.get(name, text)
            )
