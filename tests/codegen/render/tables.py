"""Small tables with everything that makes answers differ between engines."""

import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow.csv as csv
import pyarrow.parquet as pq

from arclight.catalog.profile import TableProfile
from arclight.catalog.upload import check_file
from services.codegen.planner import plan as p

ORDERS = '''\
id,customer,region,quantity,unit_price,discount,ordered,shipped,note,price text,when text
1,7,North,2,10.5,0,2024-01-31,2024-02-02T10:30:00,"fast, please","1,234",2024-01-31
2,7,north,3,4.0,2,2024-02-01,2024-02-03T00:00:00,,$5,2024/02/01
3,8,South,,4.0,1,2024-02-29,,"say ""hi""",n/a,oops
4,9,,10,0.5,5,2024-12-30,2025-01-02T23:59:59,Fast,12 %,30 Dec 2024
5,,South,1,,4,2025-01-01,2025-01-05T12:00:00,slow & steady, 7.25 ,
6,8,EAST,4,2.25,0,,2025-01-06T07:15:00,it's fast,-3,2025-01-06
7,8,,4,2.25,0,2023-10-01,2023-10-02T01:00:00,,,2023-10-01
'''
CUSTOMERS = "customer id,name,city\n7,Ann,Oslo\n8,Bob,Rome\n8,Bob again,Rome\n11,Cid,\n"
HEIGHTS = """\
name,height,tall
a,"1,234 m (est.)",true
b,12.5–13 m,true
c,−3 m,false
d,K-2,
e,unknown,false
f,,
g,about .5,false
h,US$1.5 million,true
i,3-2,false
j,(-7),false
"""
DAYS = """\
id,day
1,"Sunday, October 12, 2008"
2,13-Oct-97
3,1-JAN-68
4,1-Jan-69
5,"October 14 (Tue), 2008"
6,some monday
7,3 Mar '08
8,01/02/2070
9,
"""
FILES = {"orders.csv": ORDERS, "customers.csv": CUSTOMERS, "heights.csv": HEIGHTS, "days.csv": DAYS}


def write_tables(folder: Path) -> dict[str, TableProfile]:
    """The same orders in every format, and the customers; profiles by table name."""
    for name, text in FILES.items():
        (folder / name).write_text(text)
    table = csv.read_csv(
        folder / "orders.csv",
        convert_options=csv.ConvertOptions(strings_can_be_null=True, null_values=[""]),
    )
    pq.write_table(table, folder / "orders_parquet.parquet")
    rows = [{k: _plain(v) for k, v in row.items()} for row in table.to_pylist()]
    lines = [json.dumps(row) for row in rows]
    (folder / "orders_json.jsonl").write_text("\n".join(lines) + "\n")
    options = csv.WriteOptions(delimiter="\t", quoting_style="needed")
    csv.write_csv(table, folder / "orders_tsv.tsv", options)
    (folder / "poem.csv").write_text(
        'line,verse\n1,"The cat, the dog\nand the bird"\n2,It\'s a cat\n3,\n4,DOG! dog?\n'
    )
    return {f.stem: profile(f) for f in sorted(folder.iterdir())}


def profile(path: Path) -> TableProfile:
    """The profile that an upload of this file gets."""
    return check_file(path, path.name).profile.model_copy(update={"uri": path.as_uri()})


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | float | str) else str(value)


@dataclass(frozen=True)
class Tables:
    """Scans by table name."""

    profiles: dict[str, TableProfile]

    def scan(self, table: str, *columns: str | p.ReadColumn) -> p.Scan:
        """Columns under their own names and types, unless given whole."""
        found = self.profiles[table]
        return p.Scan(found, tuple(self._column(found, c) for c in columns))

    def _column(self, table: TableProfile, column: str | p.ReadColumn) -> p.ReadColumn:
        if isinstance(column, p.ReadColumn):
            return column
        known = table.column(column)
        assert known is not None, f"{table.name} has no column {column}"
        return p.ReadColumn(column, known.type, column)
