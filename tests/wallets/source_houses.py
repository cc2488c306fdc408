"""A house whose settings name a far end behind real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.wallets.engine.connectors.far_ends import Aggregator, GstNetwork, private_pem, public_pem
from tests.wallets.engine.connectors.over_http import served


@contextmanager
def with_network(settings: object, folder: Path, far_end: GstNetwork) -> Iterator[GstNetwork]:
    server = served(far_end)
    (folder / "network.pem").write_bytes(public_pem("network"))
    settings.GSP_URL = f"http://127.0.0.1:{server.server_port}/base"
    settings.GSP_CLIENT_ID, settings.GSP_CLIENT_SECRET = "client", "secret"
    settings.GSP_CERTIFICATE = str(folder / "network.pem")
    yield far_end
    server.shutdown()
    server.server_close()


@contextmanager
def with_aggregator(settings: object, folder: Path, far_end: Aggregator) -> Iterator[Aggregator]:
    server = served(far_end)
    (folder / "fiu.pem").write_bytes(private_pem("fiu"))
    (folder / "aggregator.pem").write_bytes(public_pem("aggregator"))
    settings.AA_URL, settings.AA_FIU_ID = f"http://127.0.0.1:{server.server_port}/base", "fiu@house"
    settings.AA_API_KEY, settings.AA_SIGNING_KEY_ID = "key", "fiu-1"
    settings.AA_SIGNING_KEY, settings.AA_PUBLIC_KEY = str(folder / "fiu.pem"), str(folder / "aggregator.pem")
    yield far_end
    server.shutdown()
    server.server_close()
