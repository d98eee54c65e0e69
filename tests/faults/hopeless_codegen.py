"""Codegen's real worker with a generator that never succeeds, and never says the same twice."""

from collections.abc import Sequence

from arclight.contracts.events import Event
from arclight.contracts.job import Plan
from arclight.contracts.names import Framework, Queue
from arclight.runtime.consume import consumer
from arclight.runtime.work import Work
from services.codegen.generate import generate
from services.codegen.generator import Ask, Draft, Tried

PROGRAM = """import argparse

import ray

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="arclight-output")
output = parser.parse_args().output
ray.init()
ray.data.from_items([missing_{n}]).write_parquet(output)
"""


class Hopeless:
    """Each program uses another name that does not exist."""

    name = "hopeless"

    def generate(self, ask: Ask) -> Draft:
        return self.repair(ask, ())

    def repair(self, ask: Ask, tried: Sequence[Tried]) -> Draft:
        n = len(tried) + 1
        program = PROGRAM.replace("{n}", str(n))
        return Draft(program=program, framework=Framework.RAY, plan=Plan(), reason=f"try {n}")


def _step(work: Work) -> Event:
    return generate(work, Hopeless())


app = consumer(Queue.CODEGEN, _step)
