"""A program in sentences, from its text alone.

explain ──► narrate     walks the statements as they would run: conditions, loops, functions
               │
               ├─ tables, bindings     which expressions are tables, of which engine; what a
               │                       name means at a place
               ├─ methods              name of a method → the words for it
               │    rows  columns  groups  joins
               ├─ ends                 reads, writes, rows that the program makes, prints
               └─ statements           SQL, by its clauses
phrases, chains, functions             expressions over columns, in words
"""
