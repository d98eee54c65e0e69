"""Files that must be refused: name, upload name, content, code, and words of the answer."""

from dataclasses import dataclass

GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
XLSX = b"PK\x03\x04\x14\x00\x06\x00"
LINE = 1024 * 1024


@dataclass(frozen=True)
class Bad:
    name: str
    filename: str
    content: bytes
    code: str
    says: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


BAD = (
    Bad("empty", "a.csv", b"", "UPLOAD_EMPTY", ("empty",)),
    Bad("only a mark", "a.csv", b"\xef\xbb\xbf", "UPLOAD_EMPTY", ("empty",)),
    Bad("only blank lines", "a.csv", b"\n \r\n\n", "UPLOAD_EMPTY", ("empty",)),
    Bad("empty json", "a.jsonl", b"\n", "UPLOAD_EMPTY", ("empty",)),
    Bad("empty parquet", "a.parquet", b"", "UPLOAD_EMPTY", ("empty",)),
    Bad("no extension", "table", b"a\n1\n", "UPLOAD_UNKNOWN_FORMAT", ("no extension", ".csv")),
    Bad("spreadsheet", "a.xlsx", XLSX, "UPLOAD_UNKNOWN_FORMAT", (".xlsx", ".parquet")),
    Bad("gzip as csv", "a.csv", GZIP, "UPLOAD_BINARY", ("gzip",)),
    Bad("png as csv", "a.csv", PNG, "UPLOAD_BINARY", ("PNG",)),
    Bad("xlsx as csv", "a.csv", XLSX, "UPLOAD_BINARY", ("Excel", "Export the table as CSV")),
    Bad("parquet as csv", "a.csv", b"PAR1\x15\x04\x15\x00", "UPLOAD_BINARY", ("Parquet",)),
    Bad("elf as tsv", "a.tsv", b"\x7fELF\x02\x01\x01", "UPLOAD_BINARY", ("program",)),
    Bad("NUL", "a.csv", b"a,b\n1,2\n3,\x00\n", "UPLOAD_BINARY", ("NUL", "offset 10", "line 3")),
    Bad(
        "Latin-1",
        "a.csv",
        b"a\nx\ncaf\xe9 au lait\n",
        "UPLOAD_NOT_UTF8",
        ("0xe9", "offset 7", "line 3", "iconv"),
    ),
    Bad("cut off in a letter", "a.csv", b"a\ncaf\xc3", "UPLOAD_NOT_UTF8", ("0xc3", "offset 5")),
    Bad(
        "Latin-1 far inside",
        "a.csv",
        b"a\n" + b"x\n" * LINE + b"\xe9\n",
        "UPLOAD_NOT_UTF8",
        (f"offset {2 * LINE + 2}", f"line {LINE + 2}"),
    ),
    Bad(
        "UTF-16 with mark",
        "a.csv",
        "a,b\n1,2\n".encode("utf-16"),
        "UPLOAD_NOT_UTF8",
        ("UTF-16", "iconv -f UTF-16"),
    ),
    Bad(
        "UTF-16 without mark",
        "a.csv",
        "name,b\n1,2\n".encode("utf-16-le"),
        "UPLOAD_NOT_UTF8",
        ("UTF-16",),
    ),
    Bad(
        "endless line",
        "a.csv",
        b"a,b\n" + b"x" * 3 * LINE,
        "UPLOAD_LINE_TOO_LONG",
        ("Line 2", "1,048,576"),
    ),
    Bad(
        "one long record",
        "a.csv",
        b"a,b\n1,2\n3\n",
        "CSV_RAGGED",
        ("Line 3 has 1 cells; the header has 2",),
    ),
    Bad("ragged, too many", "a.csv", b"a,b\r\n1,2\r\n3,4,5\r\n", "CSV_RAGGED", ("Line 3 has 3",)),
    Bad("ragged after blank lines", "a.csv", b"\na,b\n\n1,2\n\n3\n", "CSV_RAGGED", ("Line 6 ",)),
    Bad("ragged after a broken cell", "a.csv", b'a,b\n"1\n2",3\n4\n', "CSV_RAGGED", ("Line 4 ",)),
    Bad("ragged tsv", "a.tsv", b"a\tb\n1\t2\n3\n", "CSV_RAGGED", ("Line 3 ",)),
    Bad(
        "ragged after the sample",
        "a.csv",
        b"a,b\n" + b"x,2\n" * 5000 + b"3\n",
        "CSV_RAGGED",
        ("Line 5002 ",),
    ),
    Bad("open quote", "a.csv", b'a,b\n1,2\n3,"4\n5,6\n', "CSV_UNCLOSED_QUOTE", ("line 3",)),
    Bad(
        "open quote in the first cell",
        "a.csv",
        b'a,b\n"1,2\n3,4\n',
        "CSV_UNCLOSED_QUOTE",
        ("line 2",),
    ),
    Bad(
        "open quote in a large file",
        "a.csv",
        b'a,b\n"1,2\n' + b"3,4\n" * 2 * LINE,
        "CSV_UNCLOSED_QUOTE",
        ("line 2",),
    ),
    Bad("no header, numbers", "a.csv", b"1,2\n3,4\n", "CSV_NO_HEADER", ("'1', '2'",)),
    Bad("no header, one line", "a.csv", b"2012-01-01,5\n", "CSV_NO_HEADER", ("like data",)),
    Bad("no header, mixed", "a.csv", b"ABE,ATL,853\nABE,BHM,1\n", "CSV_NO_HEADER", ("'ABE'",)),
    Bad(
        "no header, money",
        "a.csv",
        b'Ann,"$1,200"\nBob,n/a\nCy,$5\nDi,$6\n',
        "CSV_NO_HEADER",
        ("'Ann'",),
    ),
    Bad("no header, dates", "a.csv", b"2012-01-01,rain\n2012-01-02,sun\n", "CSV_NO_HEADER", ()),
    Bad("no header, a gap", "a.csv", b"1,,3\n4,5,6\n", "CSV_NO_HEADER", ()),
    Bad(
        "no header, only words",
        "a.csv",
        b"red,apple\nred,cherry\nyellow,pear\n",
        "CSV_NO_HEADER",
        ("column names",),
    ),
    Bad("no header, years as values", "a.csv", b"x,2001,2002\ny,1999,2002\n", "CSV_NO_HEADER", ()),
    Bad("duplicates", "a.csv", b"id,name,id\n1,x,2\n", "CSV_DUPLICATE_COLUMNS", ("'id'",)),
    Bad(
        "duplicates by case",
        "a.csv",
        b"Id,name,id\n1,x,2\n",
        "CSV_DUPLICATE_COLUMNS",
        ("'Id', 'id'", "case"),
    ),
    Bad("blank name", "a.csv", b",name\n0,x\n1,y\n", "CSV_BLANK_COLUMN", ("Column 1",)),
    Bad(
        "blank name at the end",
        "a.csv",
        b"a,name, \n0,x,\n1,y,\n",
        "CSV_BLANK_COLUMN",
        ("Column 3",),
    ),
    Bad(
        "too many columns",
        "a.csv",
        ",".join(f"c{i}" for i in range(2001)).encode(),
        "CSV_TOO_MANY_COLUMNS",
        ("2,001",),
    ),
    Bad(
        "semicolons",
        "a.csv",
        b"a;b\n1,5;2\n3,5;4\n",
        "CSV_WRONG_DELIMITER",
        ("semicolons", "commas"),
    ),
    Bad(
        "tabs in a csv",
        "a.csv",
        b"a\tb\n1\t2\n",
        "CSV_WRONG_DELIMITER",
        ("tabs", "name the file .tsv"),
    ),
    Bad("commas in a tsv", "a.tsv", b"a,b\n1,2\n", "CSV_WRONG_DELIMITER", ("commas", "tabs")),
    Bad("json array", "a.json", b'[{"a": 1}, {"a": 2}]', "JSON_NOT_LINES", ("Line 1", "jq")),
    Bad("json over lines", "a.json", b'[\n {"a": 1}\n]', "JSON_NOT_LINES", ("jq",)),
    Bad("json, bare value", "a.jsonl", b'{"a": 1}\n5\n', "JSON_NOT_LINES", ("Line 2",)),
    Bad("json, cut off", "a.jsonl", b'{"a": 1}\n{"a": ', "JSON_BAD_LINE", ("Line 2",)),
    Bad("json, NaN", "a.jsonl", b'{"a": 1}\n{"a": NaN}', "JSON_BAD_LINE", ("Line 2",)),
    Bad(
        "json, equal names", "a.jsonl", b'{"a": 1, "A": 2}', "JSON_DUPLICATE_COLUMNS", ("'a', 'A'",)
    ),
    Bad("json, no names", "a.jsonl", b"{}\n{}", "JSON_NO_COLUMNS", ("no columns",)),
    Bad("csv as parquet", "a.parquet", b"a,b\n1,2\n", "UPLOAD_NOT_PARQUET", ("another kind",)),
    Bad("zip as parquet", "a.parquet", XLSX, "UPLOAD_NOT_PARQUET", ("zip",)),
    Bad(
        "parquet, cut off",
        "a.parquet",
        b"PAR1" + b"\x15\x04" * 50,
        "PARQUET_UNREADABLE",
        ("complete",),
    ),
)
