"""Compiles ``native/`` to ``scrubber._native`` while the package is built; where that fails it stays pure Python and slower.

``SCRUBBER_PURE=1`` leaves it out, ``SCRUBBER_NATIVE=1`` makes a failure an error.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path("native")


class NativeHook(BuildHookInterface[Any]):
    """Adds the compiled module to a wheel, and puts it into the checkout's package for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; say why not if it does not work."""
        if self.target_name != "wheel" or os.environ.get("SCRUBBER_PURE", "0") not in ("", "0"):
            return
        try:
            built = compiled(Path(self.root))
        except Exception as error:  # whatever is wrong with a compiler, Python does without
            if os.environ.get("SCRUBBER_NATIVE", "0") not in ("", "0"):
                raise
            print(f"scrubber: not compiled ({error}); it will run as pure Python", file=sys.stderr)
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["artifacts"].append(f"/{built.relative_to(self.root).as_posix()}")


def compiled(root: Path) -> Path:
    """Return the module compiled from ``root / SOURCES``, in the package; raises what setuptools raises."""
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    flags = [] if sys.platform == "win32" else ["-O3", "-g0"]
    extension = Extension("scrubber._native", [str(SOURCES / "module.c")], extra_compile_args=flags)
    here = Path.cwd()
    os.chdir(root)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            command = build_ext(Distribution({"name": "scrubber", "ext_modules": [extension]}))
            command.build_temp, command.build_lib = scratch, scratch
            command.inplace = False
            command.ensure_finalized()
            command.run()
            made = Path(command.get_ext_fullpath("scrubber._native"))
            target = Path("scrubber", made.name)
            part = target.with_suffix(target.suffix + ".part")
            part.write_bytes(made.read_bytes())
            part.replace(target)
    finally:
        os.chdir(here)
    return root / target
