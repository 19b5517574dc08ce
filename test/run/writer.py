#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes a line each millisecond into a file, for as long as it runs: the fencing token, then WHO.

With --hardy it heeds no SIGTERM; --child starts such a writer that makes itself independent first.
"""

import argparse
import os
import signal
import subprocess
import sys
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("file")
parser.add_argument("who", metavar="WHO")
parser.add_argument("--hardy", action="store_true")
parser.add_argument("--child", action="store_true")
words = parser.parse_args()

if words.hardy:
    for number in signal.SIGTERM, signal.SIGHUP, signal.SIGINT:
        signal.signal(number, signal.SIG_IGN)
if words.child:
    # Its parent ends at once, and it is the first of a session and a group of its own.
    grandchild = f"setsid {sys.executable} {__file__} --hardy {words.file} daemon-of-{words.who} &"
    # It keeps the descriptor by which the guard knows that it lives.
    subprocess.run(["sh", "-c", grandchild], check=True, close_fds=False)
file = os.open(words.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
line = f"{os.environ['NELI_TOKEN']} {words.who}\n".encode()
while True:
    os.write(file, line)
    time.sleep(0.001)
