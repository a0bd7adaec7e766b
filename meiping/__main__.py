"""``python -m meiping``: the window, or a word of the command line."""

import sys

from meiping.cli import main

sys.exit(main(sys.argv[1:]))
