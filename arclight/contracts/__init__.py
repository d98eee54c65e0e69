"""What every part agrees on. Pure: standard library and pydantic, no I/O."""
