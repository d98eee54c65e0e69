"""Plans as programs that a data engineer would sign, in PySpark or on Ray."""

import dataclasses

from arclight.contracts.names import Framework
from services.codegen.planner.plan import Planned
from services.codegen.planner.render.normal import separate
from services.codegen.planner.render.ray import render_ray
from services.codegen.planner.render.spark import render_spark

__all__ = ["render"]


def render(planned: Planned, framework: Framework) -> str:
    """The program's text, formatted. Raises ValueError for `auto`: the planner decides first."""
    planned = dataclasses.replace(planned, root=separate(planned.root))
    match framework:
        case Framework.SPARK:
            return render_spark(planned)
        case Framework.RAY:
            return render_ray(planned)
        case Framework.AUTO:
            raise ValueError("a program is written for one framework: choose spark or ray first")
