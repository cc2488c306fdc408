"""Write a typed Python client from the description of the interface: `python -m tests.client FOLDER`.

It is made anew whenever it is wanted and kept nowhere: the description is what we promise.
"""

import subprocess
import sys
from pathlib import Path

KEPT = Path(__file__).parent / "data"
PACKAGE = "creditiq_client"


def write_client(folder: Path) -> Path:
    """The package, below `folder`. Raises CalledProcessError when an operation cannot be expressed."""
    package = folder / PACKAGE
    folder.mkdir(parents=True, exist_ok=True)
    program = Path(sys.executable).with_name("openapi-python-client")
    command = [str(program), "generate", "--meta", "none", "--overwrite", "--fail-on-warning"]
    where = ["--path", str(KEPT / "openapi.json"), "--config", str(KEPT / "client.json"), "--output-path", str(package)]
    subprocess.run([*command, *where], check=True, capture_output=True, text=True)
    return package


if __name__ == "__main__":
    sys.stdout.write(f"{write_client(Path(sys.argv[1]))}\n")
