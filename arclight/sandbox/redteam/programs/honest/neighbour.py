# mypy: ignore-errors
"""An honest job: works for a second and a half on files, shared memory and children of its own."""

import os
import subprocess
import sys
import tempfile
import time

import pyarrow as pa
import pyarrow.parquet as pq

own = tempfile.NamedTemporaryFile("w+", dir=tempfile.gettempdir())
own.write("mine")
own.flush()
for _ in range(15):
    time.sleep(0.1)
    with open(own.name) as f:
        assert f.read() == "mine", "somebody wrote into my file"
command = [sys.executable, "-c", "print(sum(range(1000)))"]
total = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
os.mkdir("output")
pq.write_table(pa.table({"total": [total]}), "output/part-0.parquet")
