# SPDX-License-Identifier: BSL-1.0
"""What 'StorageTool format' does, without a JVM."""

import base64
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

from harness.kafka.failure import Fail
from harness.kafka.installation import KAFKA, java_command
from harness.kafka.node import Node
from harness.kafka.properties import properties_of, write_properties


def format(node, cluster_id):
    done = node.data / "meta.properties"
    if not done.exists():
        node.data.mkdir(exist_ok=True)
        shutil.copy(formatted_metadata(), node.data)
        write_properties(done, {"version": 1, "cluster.id": cluster_id,
                                "node.id": node.number, "directory.id": new_id()})


def formatted_metadata():
    """The file that formatting puts into a data folder; being the same for
    every cluster, it is made once: the tool takes longer than all the rest."""
    path = KAFKA / "bootstrap.checkpoint"
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=KAFKA) as folder:
            node = Node(Path(folder), 1, [1, 2, 3])
            node.folder.mkdir()
            write_properties(node.config, properties_of(node, [node]))
            command = java_command("kafka.tools.StorageTool", "format",
                                   "--cluster-id", new_id(), "--config", str(node.config))
            if subprocess.run(command, stdout=subprocess.DEVNULL).returncode != 0:
                raise Fail("Kafka's StorageTool failed, see above")
            (node.data / path.name).rename(path)
    return path


def new_id():
    """A random UUID as Kafka writes them."""
    text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    return text.replace("-", "_")  # a tool would take one in front for an option
