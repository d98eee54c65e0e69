# ---
# id = "removed-no-rights"
# title = "Folders that nobody may enter"
# clause = "removed"
# engine = "python"
# expects = ["removed"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

os.makedirs("a/b/c")
with open("a/b/c/file", "w") as f:
    f.write("kept")
for path in ("a/b/c", "a/b", "a", "../tmp", "../home", "."):
    os.chmod(path, 0)
