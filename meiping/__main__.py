"""``python -m meiping``: the window, or a word of the command line."""

import gc
import sys

from meiping.cli import main

gc.set_threshold(50_000, 20, 100)  # making thousands of definitions leaves nothing to collect: start sooner
sys.setswitchinterval(0.0005)  # a hand on a key gets the interpreter at once, whatever a worker computes
sys.exit(main(sys.argv[1:]))
