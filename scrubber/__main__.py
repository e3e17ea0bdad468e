"""``python -m scrubber`` is ``scrubber``."""

from scrubber.cli.entry import main

main()
