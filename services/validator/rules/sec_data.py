"""SEC009, SEC010, SEC012, SEC013: addresses, variables, secrets and pickles."""

import ast
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.context import Context
from services.validator.rules import sec_lists as lists
from services.validator.rules.rule import Hit, Rule


def _metadata(facts: Facts, context: Context) -> Iterator[Hit]:
    for node, text in facts.program.strings:
        if lists.METADATA.search(text):
            yield Hit(node, "The program names a cloud metadata address.")


def _environment(facts: Facts, context: Context) -> Iterator[Hit]:
    for node, dotted in facts.global_names:
        if dotted in ("os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"):
            yield Hit(node, f"The program uses {dotted}.")


_WORDS = {
    "aws": "an AWS access key",
    "private": "a private key",
    "token": "an access token",
    "password": "a password",
    "url": "a password inside a URL",
}


def _credentials(facts: Facts, context: Context) -> Iterator[Hit]:
    for node, text in facts.program.strings:
        found = lists.CREDENTIAL.search(text)
        if found:
            yield Hit(node, f"The program contains {_WORDS[str(found.lastgroup)]}.")
    for name, value in _named_values(facts):
        if _is_secret(name, value):
            yield Hit(value, f"The program contains the value of {name}.")


def _named_values(facts: Facts) -> Iterator[tuple[str, ast.expr]]:
    """Keyword arguments, options and assignments: a name and the value that it gets."""
    for call in facts.program.calls:
        for keyword in call.keywords:
            yield keyword.arg or "", keyword.value
        match call:
            case ast.Call(func=ast.Attribute(attr="option" | "config" | "set"), args=[key, value]):
                yield (facts.fold.one(key) or "").rpartition(".")[2], value
    for assign in facts.program.assigns:
        targets = assign.targets if isinstance(assign, ast.Assign) else [assign.target]
        for target in targets:
            if assign.value is not None:
                yield getattr(target, "id", getattr(target, "attr", "")), assign.value


def _is_secret(name: str, value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=str(text)) if len(text) >= 3:
            return lists.SECRET_NAME.fullmatch(name) is not None
    return False


def _unpickles(facts: Facts, context: Context) -> Iterator[Hit]:
    for node, dotted in facts.global_names:
        if lists.UNPICKLES.fullmatch(dotted):
            yield Hit(node, f"The program uses {dotted}, which can run code from a file.")
    for call in facts.program.calls:
        if facts.names.callee(call) == "numpy.load":
            for k in call.keywords:
                if k.arg == "allow_pickle" and getattr(k.value, "value", True):
                    yield Hit(call, "The program loads pickled objects, which can run code.")


RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="SEC009",
        title="No metadata addresses",
        severity=Severity.ERROR,
        why="They hand out the machine's credentials.",
        bad="url = 'http://169.254.169.254/latest/meta-data/'\n",
        good="text = '169 rows'\n",
        hint="Leave it out: credentials are the platform's.",
        check=_metadata,
    ),
    Rule(
        code="SEC010",
        title="No environment variables",
        severity=Severity.ERROR,
        why="They differ between platforms and may hold secrets; the cage empties them.",
        bad="import os\nprint(os.environ['HOME'])\n",
        good="import argparse\nprint(argparse.ArgumentParser().parse_args())\n",
        hint="Use a command-line option with a default.",
        check=_environment,
    ),
    Rule(
        code="SEC012",
        title="No credentials",
        severity=Severity.ERROR,
        why="A program is stored, shown and sent to repair; a secret in it is no longer one.",
        bad="password = 'hunter2'\n",
        good="password_column = 'pwd_hash'\n",
        hint="Remove it; the platform supplies credentials.",
        check=_credentials,
    ),
    Rule(
        code="SEC013",
        title="No pickles",
        severity=Severity.ERROR,
        why="Loading a pickle runs whatever its author wrote into it.",
        bad="import pandas as pd\npd.read_pickle('x.pkl')\n",
        good="import pandas as pd\nprint(pd.DataFrame())\n",
        hint="Read Parquet, CSV or JSON.",
        check=_unpickles,
    ),
)
