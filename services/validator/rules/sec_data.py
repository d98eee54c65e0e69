"""SEC009, SEC010, SEC012, SEC013: addresses, variables, secrets and pickles."""

import ast
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.compared import is_compared
from services.validator.analysis.facts import Facts
from services.validator.analysis.words import words
from services.validator.context import Context
from services.validator.rules import sec_lists as lists
from services.validator.rules.rule import Hit, Rule


def _metadata(facts: Facts, context: Context) -> Iterator[Hit]:
    said = "The program names a cloud metadata address."
    for node, text in facts.texts:
        if lists.METADATA.search(text) and not is_compared(facts.names, node):
            yield Hit(node, said)
    for number in facts.program.numbers:
        if number.value == lists.METADATA_NUMBER:
            yield Hit(number, said)


def _environment(facts: Facts, context: Context) -> Iterator[Hit]:
    for node, dotted in facts.global_names:
        if dotted in _ENVIRONMENT:
            yield Hit(node, f"The program uses {dotted}.")
    for call in facts.called("get"):
        assert isinstance(call.func, ast.Attribute)
        key = facts.fold.one(call.args[0]) if call.args else None
        if key and lists.SECRET_KEY.fullmatch(key) and _is_configuration(facts, call.func.value):
            yield Hit(call, f"The program reads the credential {key}.")
    for call in facts.called("getAll"):
        assert isinstance(call.func, ast.Attribute)
        if _is_configuration(facts, call.func.value):
            what = "The program reads all settings, credentials among them."
            yield Hit(call, what, severity=Severity.WARNING)


_ENVIRONMENT = words(
    "os.environ os.environb os.getenv os.getenvb os.putenv os.unsetenv os.path.expandvars"
)


def _is_configuration(facts: Facts, node: ast.expr) -> bool:
    """True for `spark.conf` and `sparkContext.getConf()`."""
    return next(facts.names.steps(node), "") in ("conf", "getConf", "_conf")


_WORDS = {
    "aws": "an AWS access key",
    "private": "a private key",
    "token": "an access token",
    "password": "a password",
    "url": "a password inside a URL",
}


def _credentials(facts: Facts, context: Context) -> Iterator[Hit]:
    for node, text in [*facts.texts, *facts.program.byte_strings]:
        found = lists.CREDENTIAL.search(text)
        if found:
            yield Hit(node, f"The program contains {_WORDS[str(found.lastgroup)]}.")
    for name, value in _named_values(facts):
        if _is_secret(facts, name, value):
            yield Hit(value, f"The program contains the value of {name}.")


def _named_values(facts: Facts) -> Iterator[tuple[str, ast.expr]]:
    """Keyword arguments, options and assignments: a name and the value that it gets."""
    for call in facts.program.calls:
        for keyword in call.keywords:
            yield keyword.arg or "", keyword.value
    for call in facts.called("option", "setdefault"):
        if len(call.args) == 2:
            yield (facts.fold.one(call.args[0]) or "").rpartition(".")[2], call.args[1]
    for call in facts.called("add_argument"):
        flag = facts.fold.one(call.args[0]) if call.args else None
        defaults = [k.value for k in call.keywords if k.arg == "default"]
        yield from (((flag or "").lstrip("-").replace("-", "_"), d) for d in defaults)
    for setting in facts.settings:
        if setting.value is not None:
            yield setting.key.rpartition(".")[2], setting.value
    for assign in facts.program.assigns:
        targets = assign.targets if isinstance(assign, ast.Assign) else [assign.target]
        for target in targets:
            if assign.value is None:
                continue
            if isinstance(target, ast.Subscript):
                yield facts.fold.one(target.slice) or "", assign.value
            else:
                yield getattr(target, "id", getattr(target, "attr", "")), assign.value
    for scope in facts.program.all_scopes:
        for name in scope.params & scope.names.keys():
            yield from ((name, b.value) for b in scope.names[name])
    for mapping in facts.program.dicts:
        for word, given in zip(mapping.keys, mapping.values, strict=True):
            if isinstance(word, ast.Constant):
                yield str(word.value).rpartition(".")[2], given


def _is_secret(facts: Facts, name: str, value: ast.expr) -> bool:
    if lists.SECRET_NAME.fullmatch(name) is None:
        return False
    match value:
        case ast.Constant(value=bytes(data)):
            return len(data) >= 3
    text = facts.fold.one(value)
    return text is not None and len(text) >= 3 and not text.isdecimal()


def _unpickles(facts: Facts, context: Context) -> Iterator[Hit]:
    for node, dotted in facts.global_names:
        if lists.UNPICKLES.fullmatch(dotted):
            yield Hit(node, f"The program uses {dotted}, which can run code from a file.")
    for call in facts.program.calls:
        if not call.keywords and len(call.args) < 3:
            continue
        allowed = [k.value for k in call.keywords if k.arg == "allow_pickle"]
        if len(call.args) > 2 and facts.names.callee(call) == "numpy.load":
            allowed.append(call.args[2])
        if any(getattr(a, "value", True) for a in allowed):
            yield Hit(call, "The program loads pickled objects, which can run code.")
    for call in facts.called("to_pickle", "saveAsPickleFile"):
        yield Hit(call, "The program writes pickled objects, which run code when they are loaded.")


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
        title="No environment variables or credentials",
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
