# ---
# id = "secrets-syntax"
# title = "A file from outside as the text of a syntax error"
# clause = "secrets"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json

with open("probe.json") as f:
    P = json.load(f)

with open(P["canary"]) as f:
    text = f.read().strip()
exec(compile(f"value = = {text!r}", f"/{text}.py", "exec"))
