# SPDX-License-Identifier: BSL-1.0
"""Apache Kafka on this machine, as scripts/kafka runs it."""
