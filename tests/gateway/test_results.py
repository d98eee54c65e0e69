"""The answer: pages over all parts, CSV, Parquet, and why there is none."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arclight.contracts.result import Column, Result, ResultKind
from arclight.runtime.artifacts import LocalArtifacts
from services.gateway import tables
from services.gateway.problems import ProblemError
from services.gateway.results import _start_of, token_of
from tests.gateway.asking import problem, submitted
from tests.gateway.driver import Driver


def numbers(start: int, stop: int) -> pa.Table:
    return pa.table({"n": range(start, stop), "word": [f"w{i}" for i in range(start, stop)]})


async def three_parts(client: httpx.AsyncClient, driver: Driver) -> str:
    """A job whose answer is 0…24 over an empty part and three parts with small row groups."""
    job_id = await submitted(client)
    parts = [numbers(0, 10), numbers(0, 0), numbers(10, 13), numbers(13, 25)]
    await driver.succeed(job_id, driver.table(job_id, parts, row_group_size=4))
    return job_id


@pytest.mark.parametrize("size", [1, 3, 4, 10, 24, 25, 26])
async def test_pages_join_to_all_rows_of_all_parts(
    client: httpx.AsyncClient, driver: Driver, size: int
) -> None:
    job_id = await three_parts(client, driver)

    rows, params = [], {"page_size": str(size)}
    while True:
        page = (await client.get(f"/v1/jobs/{job_id}/result", params=params)).json()
        assert page["total_rows"] == 25
        assert [c["name"] for c in page["columns"]] == ["n", "word"]
        rows += page["rows"]
        if "next_page_token" not in page:
            break
        params["page_token"] = page["next_page_token"]

    assert rows == [[i, f"w{i}"] for i in range(25)]


async def test_what_lies_before_a_page_is_not_read(
    client: httpx.AsyncClient, driver: Driver, artifacts: LocalArtifacts
) -> None:
    job_id = await three_parts(client, driver)
    first = artifacts.local(f"output/{job_id}/1/1/part-00000.parquet")
    whole = first.read_bytes()
    first.write_bytes(b"PAR1" + b"\xff" * 300 + whole[304:])
    params = {"page_token": token_of(job_id, 10), "page_size": "3"}

    page = (await client.get(f"/v1/jobs/{job_id}/result", params=params)).json()

    assert page["rows"] == [[i, f"w{i}"] for i in range(10, 13)]


@pytest.mark.parametrize("how", ["param", "accept"])
async def test_csv_has_all_rows(client: httpx.AsyncClient, driver: Driver, how: str) -> None:
    job_id = await three_parts(client, driver)
    url = f"/v1/jobs/{job_id}/result" + ("?format=csv" if how == "param" else "")
    headers = {"Accept": "text/csv"} if how == "accept" else {}

    answer = await client.get(url, headers=headers)

    assert answer.headers["content-type"].startswith("text/csv")
    assert f"{job_id}.csv" in answer.headers["content-disposition"]
    assert pa_csv.read_csv(io.BytesIO(answer.content)).equals(numbers(0, 25))


async def test_parquet_is_one_file_of_all_parts(client: httpx.AsyncClient, driver: Driver) -> None:
    job_id = await three_parts(client, driver)

    answer = await client.get(f"/v1/jobs/{job_id}/result?format=parquet")

    assert pq.read_table(io.BytesIO(answer.content)).equals(numbers(0, 25))


async def test_a_single_part_is_given_as_it_is(
    client: httpx.AsyncClient, driver: Driver, artifacts: LocalArtifacts
) -> None:
    job_id = await submitted(client)
    result = driver.table(job_id, [numbers(0, 5)])
    await driver.succeed(job_id, result)

    answer = await client.get(f"/v1/jobs/{job_id}/result?format=parquet")

    assert answer.content == artifacts.get(result.files[0].key)


async def test_parts_that_know_a_column_differently_still_are_one_table(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    parts = [pa.table({"x": pa.nulls(2)}), pa.table({"x": pa.array([1, 2], pa.int32())})]
    await driver.succeed(job_id, driver.table(job_id, parts))
    url = f"/v1/jobs/{job_id}/result"

    assert (await client.get(url)).json()["rows"] == [[None], [None], [1], [2]]
    whole = pq.read_table(io.BytesIO((await client.get(f"{url}?format=parquet")).content))
    assert whole["x"].to_pylist() == [None, None, 1, 2]


KINDS = pa.table(
    {
        "big": pa.array([2**60]),
        "money": pa.array([Decimal("0.10")]),
        "nan": pa.array([float("nan")]),
        "day": pa.array([date(2024, 2, 29)]),
        "moment": pa.array([datetime(2024, 2, 29, 12, tzinfo=UTC)], pa.timestamp("us", "UTC")),
        "span": pa.array([timedelta(seconds=90)]),
        "raw": pa.array([b"\xff"]),
        "list": pa.array([[1, None]]),
        "struct": pa.array([{"a": "x, y"}]),
        "category": pa.array(["c"]).dictionary_encode(),
        "none": pa.nulls(1),
    }
)


async def test_every_kind_of_value_is_valid_json(client: httpx.AsyncClient, driver: Driver) -> None:
    job_id = await submitted(client)
    await driver.succeed(job_id, driver.table(job_id, [KINDS]))

    answer = await client.get(f"/v1/jobs/{job_id}/result")

    body = json.loads(answer.text, parse_constant=pytest.fail)
    assert body["rows"] == [
        [
            2**60,
            "0.10",
            "NaN",
            "2024-02-29",
            "2024-02-29T12:00:00+00:00",
            "PT90S",
            "/w==",
            [1, None],
            {"a": "x, y"},
            "c",
            None,
        ]
    ]


async def test_every_kind_of_value_fits_into_csv(client: httpx.AsyncClient, driver: Driver) -> None:
    job_id = await submitted(client)
    await driver.succeed(job_id, driver.table(job_id, [KINDS]))

    answer = await client.get(f"/v1/jobs/{job_id}/result?format=csv")

    row = pa_csv.read_csv(io.BytesIO(answer.content)).to_pylist()[0]
    assert row["big"] == 2**60
    assert row["list"] == "[1, null]"
    assert json.loads(row["struct"]) == {"a": "x, y"}
    assert row["category"] == "c"


async def test_columns_of_one_name_stay_apart_in_every_form(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    arrays = [pa.array([1, 2]), pa.array(["a", "b"])]
    parts = [pa.Table.from_arrays(arrays, names=["x", "x"]) for _ in range(2)]
    await driver.succeed(job_id, driver.table(job_id, parts))
    url = f"/v1/jobs/{job_id}/result"

    assert (await client.get(url)).json()["rows"] == [[1, "a"], [2, "b"]] * 2
    csv = (await client.get(f"{url}?format=csv")).text
    assert csv == '"x","x"\n1,"a"\n2,"b"\n1,"a"\n2,"b"\n'
    parquet = (await client.get(f"{url}?format=parquet")).content
    whole = pq.ParquetFile(io.BytesIO(parquet)).read()
    assert [c.to_pylist() for c in whole.columns] == [[1, 2, 1, 2], ["a", "b", "a", "b"]]


async def test_what_python_cannot_hold_is_told_in_json_and_csv(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    table = pa.table(
        {
            "far": pa.array([-(10**17), 0], pa.timestamp("us", "UTC")),
            "day": pa.array([2932897, 0], pa.date32()),
            "ns": pa.array([1, None], pa.timestamp("ns")),
            "number": [float("nan"), None],
        }
    )
    await driver.succeed(job_id, driver.table(job_id, [table]))
    url = f"/v1/jobs/{job_id}/result"

    assert (await client.get(url)).json()["rows"] == [
        ["-001199-02-15T14:13:20+00:00", "+010000-01-01", "1970-01-01T00:00:00.000000001", "NaN"],
        ["1970-01-01T00:00:00+00:00", "1970-01-01", None, None],
    ]
    lines = (await client.get(f"{url}?format=csv")).text.splitlines()
    assert lines[1].startswith('"-001199-02-15T14:13:20+00:00","+010000-01-01",')
    assert lines[1].endswith('"1970-01-01 00:00:00.000000001",nan')
    assert lines[2] == '"1970-01-01T00:00:00+00:00","1970-01-01",,'


FORMULAS = ["=1+1", "+cmd", "-x", "@sum", "\tx", "\rx", "\n=x", "＝1", "a=b", "", "-12.5", "+49"]


async def test_safe_csv_runs_nowhere_and_plain_csv_is_exact(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    table = pa.table(
        {
            "=text": FORMULAS,
            "number": pa.array([-1.5] * 12),
            "category": pa.array(FORMULAS).dictionary_encode(),
            "money": pa.array([Decimal("-1.10")] * 12),
        }
    )
    await driver.succeed(job_id, driver.table(job_id, [table]))
    url = f"/v1/jobs/{job_id}/result?format=csv"
    options = pa_csv.ParseOptions(newlines_in_values=True)

    plain = await client.get(url)
    safe = await client.get(f"{url}&safe=true")

    def read(answer: httpx.Response) -> pa.Table:
        as_text = pa_csv.ConvertOptions(
            column_types={name: pa.string() for name in ("=text", "'=text", "category")}
        )
        return pa_csv.read_csv(
            io.BytesIO(answer.content), parse_options=options, convert_options=as_text
        )

    assert read(plain)["=text"].to_pylist() == FORMULAS
    harmless = [*(f"'{t}" for t in FORMULAS[:8]), *FORMULAS[8:]]
    assert read(safe)["'=text"].to_pylist() == harmless
    assert read(safe)["category"].to_pylist() == harmless
    assert set(read(safe)["number"].to_pylist()) == {-1.5}
    assert {str(v) for v in read(safe)["money"].to_pylist()} == {"-1.1"}
    assert plain.headers["etag"] != safe.headers["etag"]


async def test_a_page_of_large_values_ends_early_and_goes_on(
    client: httpx.AsyncClient, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given texts that a page cannot hold, though the file names each of them once only
    monkeypatch.setattr(tables, "PAGE_BYTES", 50_000)
    monkeypatch.setattr(tables, "PIECE_BYTES", 10_000)
    job_id = await submitted(client)
    text = pa.array(["x" * 20_000, "y"]).take(pa.array([0] * 9 + [1]))
    parts = [pa.table({"x": text.dictionary_encode()}), pa.table({"x": text.dictionary_encode()})]
    await driver.succeed(job_id, driver.table(job_id, parts))

    # When all pages are read
    sizes, params = [], dict[str, str]()
    while True:
        page = (await client.get(f"/v1/jobs/{job_id}/result", params=params)).json()
        sizes.append(len(page["rows"]))
        if "next_page_token" not in page:
            break
        params = {"page_token": page["next_page_token"]}

    # Then every row came, a few at a time
    assert sum(sizes) == 20
    assert max(sizes) <= 3


async def test_a_page_needs_no_other_part_than_its_own(
    client: httpx.AsyncClient, driver: Driver, artifacts: LocalArtifacts
) -> None:
    job_id = await three_parts(client, driver)
    for n in (0, 1, 3):
        artifacts.local(f"output/{job_id}/1/1/part-0000{n}.parquet").unlink()
    params = {"page_token": token_of(job_id, 11), "page_size": "2"}

    page = (await client.get(f"/v1/jobs/{job_id}/result", params=params)).json()

    assert page["rows"] == [[11, "w11"], [12, "w12"]]


async def test_no_columns_at_all_are_an_answer_in_every_form(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    await driver.succeed(job_id, driver.table(job_id, [pa.table({})]))
    url = f"/v1/jobs/{job_id}/result"

    assert (await client.get(url)).json()["rows"] == []
    assert (await client.get(f"{url}?format=csv")).text == "\n"
    assert (await client.get(f"{url}?format=parquet")).status_code == 200


async def test_an_answer_without_rows_keeps_its_columns(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    columns = (Column(name="a", type="int64"),)
    await driver.succeed(job_id, Result(kind=ResultKind.TABLE, columns=columns))

    page = (await client.get(f"/v1/jobs/{job_id}/result")).json()
    csv = (await client.get(f"/v1/jobs/{job_id}/result?format=csv")).text

    assert (page["columns"], page["rows"]) == ([{"name": "a", "type": "int64"}], [])
    assert csv.strip() == '"a"'


async def test_a_printed_answer_is_text_and_no_table(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    await driver.succeed(job_id, Result(kind=ResultKind.TEXT, text="pi is 3.14\n"))

    page = (await client.get(f"/v1/jobs/{job_id}/result")).json()

    assert (page["kind"], page["text"], page["rows"]) == ("text", "pi is 3.14\n", [])
    problem(await client.get(f"/v1/jobs/{job_id}/result?format=csv"), 406, "NOT_ACCEPTABLE")


async def test_a_text_is_served_whole(client: httpx.AsyncClient, driver: Driver) -> None:
    # Given a text of which the record shows the beginning only
    job_id = await submitted(client)
    file = driver.text(job_id, "π, and the rest")
    await driver.succeed(job_id, Result(kind=ResultKind.TEXT, text="π", files=(file,)))

    # When it is asked for as the result's own link says
    link = (await client.get(f"/v1/jobs/{job_id}/result")).json()["links"]["text"]
    answer = await client.get(link)

    # Then all of it comes
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == "π, and the rest"


async def test_a_short_text_and_a_table_as_text(client: httpx.AsyncClient, driver: Driver) -> None:
    text, table = await submitted(client), await submitted(client)
    await driver.succeed(text, Result(kind=ResultKind.TEXT, text="42"))
    await driver.succeed(table, Result(kind=ResultKind.TABLE))

    assert (await client.get(f"/v1/jobs/{text}/result?format=text")).text == "42"
    refused = await client.get(f"/v1/jobs/{table}/result?format=text")
    assert "csv" in problem(refused, 406, "NOT_ACCEPTABLE")["hint"]


async def test_a_live_job_says_how_to_wait(client: httpx.AsyncClient) -> None:
    job_id = await submitted(client)

    answer = await client.get(f"/v1/jobs/{job_id}/result")

    body = problem(answer, 409, "JOB_NOT_FINISHED")
    assert f"/v1/jobs/{job_id}?wait=20" in body["hint"]
    assert answer.headers["retry-after"] == "1"


async def test_a_failed_job_says_why(client: httpx.AsyncClient, driver: Driver) -> None:
    job_id = await submitted(client)
    await driver.fail(job_id)

    body = problem(await client.get(f"/v1/jobs/{job_id}/result"), 409, "JOB_FAILED")

    assert "wombats" in body["detail"]
    assert body["hint"] == "The columns are: a, b."
    assert body["failure"]["code"] == "NOT_UNDERSTOOD"


async def test_a_cancelled_job_says_so(client: httpx.AsyncClient) -> None:
    job_id = await submitted(client)
    await client.post(f"/v1/jobs/{job_id}/cancel")

    problem(await client.get(f"/v1/jobs/{job_id}/result"), 409, "JOB_CANCELLED")


@pytest.mark.parametrize("format", ["json", "csv", "parquet"])
async def test_files_that_are_gone_are_said(
    client: httpx.AsyncClient, driver: Driver, artifacts: LocalArtifacts, format: str
) -> None:
    job_id = await three_parts(client, driver)
    for key in list(artifacts.keys("output")):
        artifacts.local(key).unlink()

    answer = await client.get(f"/v1/jobs/{job_id}/result?format={format}")

    problem(answer, 410, "RESULT_GONE")


JOB = "job_" + "0" * 28


@given(st.integers(min_value=1, max_value=10**12), st.integers(min_value=0))
def test_a_token_leads_to_its_row_if_the_table_has_it(total: int, start: int) -> None:
    token = token_of(JOB, start)
    if start < total:
        assert _start_of(JOB, token, total) == start
    else:
        with pytest.raises(ProblemError):
            _start_of(JOB, token, total)


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda b: b.decode("latin-1")))
def test_no_other_token_is_taken(token: str) -> None:
    with pytest.raises(ProblemError) as refused:
        _start_of(JOB, token, 10**9)
    assert refused.value.kind.code == "MALFORMED_PAGE_TOKEN"


async def test_the_token_of_another_job_is_refused(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await three_parts(client, driver)

    answer = await client.get(f"/v1/jobs/{job_id}/result?page_token={token_of(JOB, 1)}")

    problem(answer, 422, "MALFORMED_PAGE_TOKEN")
