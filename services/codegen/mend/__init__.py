"""Mending: a program that a person brought, changed as little as will make it run.

    failure + findings ─▶ strategies ─▶ changes ─▶ mend ─▶ the program with its text edited
                              │
                    each knows one fault: an unknown column, a missing import, …

A strategy looks at the syntax tree (`tree.py`) and yields changes, best first: a few stretches of
text to replace, and a sentence that says what and why. `mend.py` takes the first change whose
program parses and was not tried before; comments and formatting stay as they were. When no
strategy knows the failure, the program is left alone and the failure stands.
"""
