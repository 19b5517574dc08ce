# SPDX-License-Identifier: BSL-1.0
"""The Kafka that scripts/setup has installed, and the Java that runs it."""

import os
import re
import shutil
from pathlib import Path

from harness import CACHE
from harness.kafka.failure import Fail

VERSION = re.search("<kafka.version>(.+)</kafka.version>",
                    Path(__file__).with_name("pom.xml").read_text())[1]
KAFKA = CACHE / f"kafka-{VERSION}"

# Quick to start and small, rather than fast once warm.
JVM = ["-Xms32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]


def java():
    found = shutil.which("java")
    if not found:
        raise Fail("no 'java' on PATH: run scripts/setup first", 2)
    return os.path.realpath(found)


def class_path():
    # Sorted, because the class archive serves only the class path that it was made with.
    jars = sorted((KAFKA / "libs").glob("*.jar"))
    if not jars:
        raise Fail(f"Kafka {VERSION} is not in {KAFKA}: run scripts/setup first", 2)
    return ":".join(map(str, jars))


def java_command(*arguments):
    return [java(), *JVM, "-cp", class_path(), *arguments]


def class_archive():
    """Where 'prepare' puts the classes that a broker loads, for the java in use."""
    return KAFKA / f"classes-{os.stat(java()).st_mtime_ns}.jsa"
