"""`python -m shuoshi`, the same as the command `shuoshi`."""

from shuoshi.config.cli import main

main()
