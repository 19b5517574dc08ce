# SPDX-License-Identifier: BSL-1.0
"""Converts the words of a command line."""

import argparse
import contextlib
import re
from pathlib import Path

from harness.kafka.properties import PER_NODE


def key_value(text):
    key, equals, value = text.partition("=")
    if not equals or not re.fullmatch(r"[\w.-]+", key):
        raise argparse.ArgumentTypeError(f"'{text}' is not KEY=VALUE")
    if key in PER_NODE:
        raise argparse.ArgumentTypeError(f"'{key}' is set for each node by this script")
    return key, value


def positive(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1")
    return int(text)


def seconds(text):
    with contextlib.suppress(ValueError):
        if 0 <= float(text) < float("inf"):
            return float(text)
    raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds")


def heap_size(text):
    if not re.fullmatch(r"[1-9]\d*[kmg]", text, re.IGNORECASE):
        raise argparse.ArgumentTypeError(f"'{text}' is not a size such as 512m or 2g")
    return text


def folder(text):
    if "," in text:
        raise argparse.ArgumentTypeError(f"'{text}': Kafka takes no comma in a folder's name")
    return Path(text).resolve()
