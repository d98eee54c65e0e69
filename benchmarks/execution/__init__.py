"""From `POST` to answer on the warm stack, against the stock way to run the same program."""
