# ---
# id = "secrets-chained"
# title = "The secret in the cause of the cause of an exception"
# clause = "secrets"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

try:
    try:
        raise KeyError(os.environ.get(P["secret_name"], "none"))
    except KeyError as error:
        raise ConnectionError("jdbc:postgresql://user@host/db") from error
except ConnectionError as error:
    raise ValueError("no connection") from error
