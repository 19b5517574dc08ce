# SPDX-License-Identifier: BSL-1.0
"""The copy of the sources that has the bugs."""

import shutil
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
TREE, BUILD = TOP / "build/mutations/tree", TOP / "build/mutations/build"


def copy_sources():
    """Copies only sources that have changed, so that only these are compiled again."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=TOP, check=True, capture_output=True, text=True)
    wanted = {f for f in listed.stdout.split("\0") if f and (TOP / f).is_file()}
    for old in [p for p in TREE.rglob("*") if p.is_file()]:
        if str(old.relative_to(TREE)) not in wanted:
            old.unlink()
    for name in wanted:
        write(TREE / name, (TOP / name).read_bytes(), (TOP / name).stat().st_mode)


def write(path, content, mode=None):
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if mode:
        path.chmod(mode)


def configure():
    """With as little optimization as the simulator needs, as compiling is most of the work."""
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    subprocess.run(
        ["cmake", "-S", TREE, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
         "-DCMAKE_CXX_FLAGS=-O1 -g0", "-DNELI_BUILD_EXAMPLES=OFF", *launcher],
        check=True, stdout=subprocess.DEVNULL)
