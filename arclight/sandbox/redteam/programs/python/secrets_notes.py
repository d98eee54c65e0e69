# ---
# id = "secrets-notes"
# title = "The secret in a note, an attribute and the name of an exception"
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

secret = os.environ.get(P["secret_name"], "none")
error = type(f"Error_{secret}", (OSError,), {})(5, secret, secret)
error.add_note(f"password={secret}")
error.name = secret
raise error
