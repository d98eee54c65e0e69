"""`python -m arclight.cli`: the same as `arclight`."""

from arclight.cli.main import main

main()
