# ---
# id = "bounded-answer-bomb"
# title = "A small answer that is large once it is decoded"
# clause = "bounded"
# engine = "python"
# expects = ["bounded", "collector"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq

with open("probe.json") as f:
    P = json.load(f)

rows, text = 1500, "b" * (1 << 20)
column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))
os.mkdir("output")
schema = pa.schema({"bomb": column.type})
with pq.ParquetWriter("output/part-0.parquet", schema, compression="zstd") as writer:
    writer.write_table(pa.table({"bomb": column}))
