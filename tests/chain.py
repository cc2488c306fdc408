"""A live wallet on a local chain, in the product: `make chain`. Needs Node; it is told clearly where there is none.

Starts a local node from npm, plays our own script on it (tests/wallets/chain/played.py), starts the product on its own
`VAR` with that node in the place of Ethereum's, and then does what a person does: adds the wallet, signs the message,
has its history read, and asks for a score. Ctrl-C ends all of it.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests
from eth_account import Account
from eth_account.messages import encode_defunct

from tests import npm
from tests.wallets.chain import anvil, played

ROOT = Path(__file__).parents[1]
NO_NODE = (
    "make chain needs Node: it fetches a local chain and the protocols' contracts with npm, and npm is not here.\n"
    "Install Node 18 or newer and try again. Without it, `make run` shows a scored wallet with a made-up history.\n"
)
EMAIL, EVERYBODY_KNOWS = "priya@creditiq.example", "demo"
"""An owner of the demo; a test holds this against the cast."""
ADMIN, RISK_MANAGER = "arjun@creditiq.example", "deepa@creditiq.example"
SECONDS_TO_START = 900


class Product:
    """The running product, over its programming interface."""

    def __init__(self, address: str) -> None:
        self.address, self.token = address, ""

    def ask(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = requests.request(method, f"{self.address}/{path}", json=body, headers=headers, timeout=60)
        if not answer.ok:
            raise RuntimeError(f"{path}: {answer.text[:200]}")
        return answer.json()

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        """Until it is ready. Raises RuntimeError."""
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until and process.poll() is None:
            try:
                self.ask("GET", "api/v1/chains")
            except (requests.RequestException, RuntimeError):
                time.sleep(1)
            else:
                return
        raise RuntimeError("the product did not start")


def _say(sentence: str) -> None:
    sys.stdout.write(f"chain      {sentence}\n")
    sys.stdout.flush()


def _show(product: Product) -> str:
    """Link, prove, read and score the played wallet as a person of the demo; the page to look at."""
    signed_in = product.ask("POST", "api/v1/auth/sign_in", {"email": EMAIL, "password": EVERYBODY_KNOWS})
    product.token = signed_in["access_token"]
    wallet = product.ask(
        "POST", "api/v1/wallets", {"chain": "ethereum", "address": played.WHO, "name": "Live, on a local chain"}
    )["id"]
    message = product.ask("POST", "api/v1/wallets/challenge", {"wallet": wallet})["message"]
    signed = Account.from_key(played.KEY).sign_message(encode_defunct(text=message)).signature.hex()
    signature = f"0x{signed.removeprefix('0x')}"
    product.ask("POST", "api/v1/wallets/verify", {"wallet": wallet, "message": message, "signature": signature})
    progress = product.ask("POST", f"api/v1/wallets/{wallet}/sync")
    while progress["running"]:
        time.sleep(1)
        progress = product.ask("GET", f"api/v1/wallets/{wallet}/sync")
    if progress["state"] != "done":
        raise RuntimeError(progress["trouble"])
    score = product.ask("POST", "api/v1/onchain-scores", {"wallets": [wallet]})
    _say(
        f"scored {score['score']} of 900, between {score['low']} and {score['high']}; {score['coverage']:.0%} was seen"
    )
    return f"{product.address}/wallets/scores/{score['id']}"


def main() -> int:
    if shutil.which("npm") is None:
        sys.stderr.write(NO_NODE)
        return 1
    port = os.environ.get("PORT") or "8000"
    variables = Path(os.environ.get("VAR") or ROOT / "var" / "chain")
    variables.mkdir(parents=True, exist_ok=True)
    until = int(time.time())
    with anvil.running(born=until - played.SPAN) as chain:
        _say(f"a local chain answers at {chain.url}")
        played.play(chain, until, _say)
        chosen = {"CHAIN_ENDPOINTS": f"ethereum={chain.url}", "CHAIN_LOCAL": "ethereum", "CHAIN_FINALITY_BLOCKS": "0"}
        environment = {**os.environ, **chosen, "VAR": str(variables), "PORT": port}
        environment["CHAIN_SENDER_KEY"] = anvil.KEYS[2]
        environment["SIWE_DOMAINS"] = f"localhost:{port},127.0.0.1:{port}"
        product = Product(f"http://127.0.0.1:{port}")
        with subprocess.Popen([sys.executable, "manage.py", "run"], cwd=ROOT, env=environment) as process:
            try:
                product.wait(process)
                check = [sys.executable, "manage.py", "check_chain_sources"]
                subprocess.run(check, cwd=ROOT, env=environment, check=True)
                page = _show(product)
                _say(f"sign in as {EMAIL} with {EVERYBODY_KNOWS} and look at {page}; Ctrl-C ends it")
                _say(f"or deploy our contracts there: {product.address}/chain as {ADMIN}, agreed by {RISK_MANAGER}")
                return process.wait()
            except KeyboardInterrupt:
                return process.wait()
            except BaseException:
                process.terminate()
                raise


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (npm.Unavailable, RuntimeError, subprocess.CalledProcessError) as error:
        sys.exit(f"make chain: {error}")
