"""SEC011: which files a program may touch."""

import ast
import re
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.compared import is_compared
from services.validator.analysis.facts import Facts
from services.validator.analysis.places import covers, is_uri, place
from services.validator.analysis.words import words
from services.validator.context import Context
from services.validator.rules.rule import Hit, Rule
from services.validator.rules.sec_lists import SECRET_PLACE

_FUNCTIONS = re.compile(
    r"builtins\.open|io\.open|(gzip|bz2|lzma)\.open|glob\.i?glob|pathlib\.\w*Path"
    r"|os\.(listdir|scandir|walk|remove|unlink|rename|replace|rmdir|mkdir|makedirs|stat)"
    r"|os\.path\.(exists|isfile|isdir|getsize|expanduser)|shutil\.\w+|tempfile\.\w+"
    r"|io\.(FileIO|open_code)|pyarrow\.(memory_map|create_memory_map|OSFile|input_stream"
    r"|output_stream)|pyarrow\.fs\.(copy_files|LocalFileSystem\.\w+)|numpy\.(load|save|savez"
    r"|loadtxt|genfromtxt|savetxt|fromfile|memmap)|logging\.FileHandler|gzip\.GzipFile"
)
_HOME = re.compile(r"pathlib\.\w*Path\.(home|cwd)")


def _outside(facts: Facts, context: Context) -> Iterator[Hit]:
    yield from _secret_places(facts, context)
    yield from _written(facts, context)
    for call in facts.called(*sorted(_FILE_SYSTEM)):
        texts = [t for a in call.args for t in sorted(facts.fold.strings(a))]
        if any(_is_outside(t, facts, context, part=False) for t in texts):
            yield Hit(call, "The program touches files that are not its own.")
    for call, callee in facts.callees:
        if _HOME.fullmatch(callee) and callee.endswith("home"):
            yield Hit(call, "The program looks into the home folder.")
        if not _FUNCTIONS.fullmatch(callee):
            continue
        for argument in [*call.args, *(k.value for k in call.keywords)]:
            for path in sorted(facts.fold.strings(argument)):
                if _is_outside(path, facts, context, part=callee.startswith("pathlib.")):
                    yield Hit(call, f"The program touches {path!r}, which is not its own.")


_FILE_SYSTEM = words(
    "delete_dir delete_dir_contents delete_file copy_file move create_dir open_append_stream "
    "setCheckpointDir"
)
"""Methods of pyarrow's file systems, and of a SparkContext, that change files."""


def _written(facts: Facts, context: Context) -> Iterator[Hit]:
    for write in facts.writes.found:
        for path in sorted(facts.fold.strings(write.path)):
            if is_uri(path) and _is_foreign(path, facts, context):
                yield Hit(write.call, f"The program writes to {path!r}, which is not its own.")
    for call in facts.called("jdbc"):
        if isinstance(call.func, ast.Attribute) and "write" in facts.names.steps(call.func.value):
            yield Hit(call, "The program writes into a database.")


def _is_foreign(uri: str, facts: Facts, context: Context) -> bool:
    """True for an address below neither a source nor the default of --output."""
    return not any(covers(own, uri) for own in _own(facts, context))


def _own(facts: Facts, context: Context) -> list[str]:
    outputs = facts.fold.options.get("output", [])
    defaults = [d for node in outputs for d in facts.fold.strings(node)]
    return [p for p in [*(s.uri for s in context.sources), *defaults] if p]


def _secret_places(facts: Facts, context: Context) -> Iterator[Hit]:
    files = [s.uri for s in context.sources if s.uri]
    for node, text in facts.texts:
        if not SECRET_PLACE.search(text) or is_compared(facts.names, node):
            continue
        if not any(covers(f, text) for f in files):
            yield Hit(node, f"The program names {text!r}, which is not its own.")


def _is_outside(path: str, facts: Facts, context: Context, *, part: bool) -> bool:
    """`part`: the path may be the beginning of a granted one, put together later."""
    here = place(path)
    if path.startswith("~") or ".." in here.split("/"):
        return True
    if not here.startswith("/"):
        return False
    own = _own(facts, context)
    return not any(covers(uri, here) or (part and covers(here, uri)) for uri in own)


RULE: Rule[Facts] = Rule(
    code="SEC011",
    title="No files outside",
    severity=Severity.ERROR,
    why="A program may touch its sources, its output folder and its own working folder.",
    bad="print(open('/etc/passwd').read())\n",
    good="with open('notes.txt', 'w') as f:\n    f.write('done')\n",
    hint="Use the source's URI, the --output folder or a relative path without `..`.",
    check=_outside,
)
