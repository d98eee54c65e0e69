"""The language core: from what a question mentions to the query that it means.

segments   k ways to cut the question into mentions
sketch     the rules: mentions → a query whose columns are still open slots
resolve    the open slots get their columns, all at once, by one score
complete   what the question left unsaid: labels, groups, functions
build      the query as a plan over joined tables
"""
