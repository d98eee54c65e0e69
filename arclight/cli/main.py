"""`arclight`: data on standard output, everything else on standard error, errors for people.

Exit status: 0 ok or a program waits for an approval, 1 job failed, 2 usage, 3 timed out waiting,
4 cancelled, 5 service unavailable, 130 interrupted.
"""

import typer

from arclight.cli.commands.approve import approve, decline
from arclight.cli.commands.cancel import cancel
from arclight.cli.commands.check import check
from arclight.cli.commands.doctor import doctor
from arclight.cli.commands.jobs import jobs
from arclight.cli.commands.plan import plan
from arclight.cli.commands.result import result
from arclight.cli.commands.retry import retry
from arclight.cli.commands.run import run
from arclight.cli.commands.show import show
from arclight.cli.commands.up import up
from arclight.cli.commands.version import version
from arclight.cli.commands.watch import watch
from arclight.cli.guard import guarded

app = typer.Typer(
    name="arclight",
    help="Plain words in, a verified answer out, computed by real PySpark or Ray code.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _command in (
    up,
    run,
    plan,
    check,
    watch,
    show,
    result,
    approve,
    decline,
    cancel,
    retry,
    jobs,
    doctor,
    version,
):
    app.command()(guarded(_command))


def main() -> None:
    """The entry point: ends the process with the exit status."""
    app()
