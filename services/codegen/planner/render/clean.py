"""Reading text cells: the patterns that both frameworks' helpers use."""

from collections.abc import Iterator, Mapping

from services.codegen.planner import plan as p
from services.codegen.planner.render.normal import scans

NUMBER = r"^\s*[-+]?\s*[$€£¥]?\s*((\d{1,3}(,\d{3})+|\d+)(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*%?\s*$"
"""What `catalog.number_text` calls a number, in the syntax that Java, RE2 and Python share."""
DECORATION = r"[\s,$€£¥%+]"
"""What is not part of the number itself."""

_JAVA: Mapping[str, str] = {
    "%Y": "yyyy",
    "%m": "M",
    "%d": "d",
    "%b": "MMM",
    "%H": "H",
    "%M": "m",
    "%S": "s",
    "T": "'T'",
}


def java_format(strptime: str) -> str:
    """Spark's datetime pattern for a strptime format."""
    for python, java in _JAVA.items():
        strptime = strptime.replace(python, java)
    return strptime


def cleaned(root: p.Node, clean: p.Clean) -> Iterator[p.ReadColumn]:
    """The columns that are read with `clean`."""
    return (c for scan in scans(root) for c in scan.columns if c.clean is clean)
