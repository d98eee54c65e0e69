"""The column check: names that a program uses, held against the columns that its frames have.

    profiles ──► tables ─┐
    syntax tree ──► Machine ──► values (frames with schemas, column expressions, texts, …)
                       │              │
                       │      spark_*, ray_*, arrow_*, pandas_*: what each call does to a schema
                       ▼
                 Misses ──► rules/col.py: COL001 … COL004, with ranked candidates and a fix

The machine runs the program with schemas in place of rows: constants are constants, loops over
known lists are unrolled, the program's own functions are entered. Whatever it does not understand
becomes `UNKNOWN`, and nothing is ever said about that.
"""
