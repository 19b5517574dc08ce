# SPDX-License-Identifier: BSL-1.0
"""Certificates for servers of 127.0.0.1 and their clients."""

import subprocess

from harness.servers.children import program


def make_certificates(folder):
    """In the folder, ca.pem, and for both `server` and `client` a .pem and a .key, signed by it."""
    make(folder, "ca")
    signed = ["-CA", "ca.pem", "-CAkey", "ca.key"]
    make(folder, "server", *signed, "-addext", "subjectAltName=IP:127.0.0.1")
    make(folder, "client", *signed, "-addext", "subjectAltName=DNS:client")


def make(folder, name, *how):
    subprocess.run(
        [program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={name}",
         "-keyout", f"{name}.key", "-out", f"{name}.pem", *how],
        cwd=folder, check=True, capture_output=True)
