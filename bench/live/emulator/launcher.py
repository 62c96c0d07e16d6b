"""Runs MiniStack for as long as whoever started it lives.

Standard input is the lifeline: it ends when the other end of the pipe is closed, be it by a stop, a Ctrl-C or a kill.
Then the whole process group goes, functions' workers with it, and so does the folder of its state. A signal handler in
the parent would not be asked when the parent is killed.
"""

import os
import shutil
import signal
import sys
import threading

from ministack.app import main


def die_with_the_parent(state):
    sys.stdin.buffer.read()
    shutil.rmtree(state, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


threading.Thread(target=die_with_the_parent, args=[sys.argv.pop(1)], daemon=True).start()
main()
