"""The language core: from what a question mentions to the query that it means.

mentions    every column, cell, table and word of the language, with scores
segments    k ways to cut the question into mentions
sketch      the rules (`rule_*.py`): mentions → a query whose columns are still open slots
resolve     the open slots get their columns, all at once, by one score
complete    what the question left unsaid: labels, groups, functions, order
build       the query as a plan over joined tables
respell     a slip of the pen is read as the word that must be meant
honest      what the best reading left out (`lost`), and whether anyone can have meant it (`unfit`)
choose      the best of all readings; `certainty` says how far it can be trusted
traces      why, and what else the question may mean
"""
