"""Code that runs inside cages. Loaded by path: nothing here imports the rest of the project."""
