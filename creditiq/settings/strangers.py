"""Machines of others that we call: webhooks, nodes and indexers of chains, a language model. None, unless named."""

from creditiq.settings.env import env

# --- webhooks: who may be called beside public https servers, and, when it names some, the only names -----------
WEBHOOK_LOCAL_HOSTS: list[str] = env.list("WEBHOOK_LOCAL_HOSTS", default=[])
WEBHOOK_ONLY_HOSTS: list[str] = env.list("WEBHOOK_ONLY_HOSTS", default=[])

# --- chains ------------------------------------------------------------------------------------------------------
# key of the registry = address of a node, or of several with | between them
CHAIN_ENDPOINTS: dict[str, str] = env.dict("CHAIN_ENDPOINTS", default={})
CHAIN_INDEXERS: dict[str, str] = env.dict("CHAIN_INDEXERS", default={})  # key = etherscan, blockscout, goldrush, with |
CHAIN_INDEXER_URLS: dict[str, str] = env.dict("CHAIN_INDEXER_URLS", default={})  # blockscout:base = address
CHAIN_INDEXER_KEYS: dict[str, str] = {
    "etherscan": env.str("ETHERSCAN_API_KEY", default=""),
    "blockscout": env.str("BLOCKSCOUT_API_KEY", default=""),
    "goldrush": env.str("GOLDRUSH_API_KEY", default=""),
}
CHAIN_LOCAL: list[str] = env.list("CHAIN_LOCAL", default=[])  # keys the demo plays on a node of its own (make chain)
CHAIN_FINALITY_BLOCKS = env.int("CHAIN_FINALITY_BLOCKS", default=12)  # younger blocks are not read yet
CHAIN_CONFIRMATIONS: dict[str, int] = {  # blocks until one of our own transactions is believed; others as above
    key: int(blocks) for key, blocks in env.dict("CHAIN_CONFIRMATIONS", default={}).items()
}
CHAIN_STUCK_SECONDS = env.int("CHAIN_STUCK_SECONDS", default=180)  # then more is paid, up to the agreed caps
CHAIN_SENDER_KEY = env.str("CHAIN_SENDER_KEY", default="")  # signs our transactions, in development; empty: none sent
CHAIN_SIGNER_URL = env.str("CHAIN_SIGNER_URL", default="")  # in production: an external signer (eth_signTransaction)
CHAIN_SIGNER_ADDRESS = env.str("CHAIN_SIGNER_ADDRESS", default="")  # and the account that it signs for
ATTESTER_KEY = env.str("ATTESTER_KEY", default="")  # signs attestations; empty: none are made
SIWE_DOMAINS: list[str] = env.list("SIWE_DOMAINS", default=["localhost:8000", "127.0.0.1:8000"])
SIWE_SCHEME = env.str("SIWE_SCHEME", default="http")
MAX_WALLET_FILE_BYTES = env.int("MAX_WALLET_FILE_BYTES", default=32 * 2**20)

# --- a language model that words the assistant's answers: none, unless named ---------------------------------------
LLM_BASE_URL = env.str("LLM_BASE_URL", default="")  # of an interface like OpenAI's, up to and with /v1
LLM_API_KEY = env.str("LLM_API_KEY", default="")
LLM_MODEL = env.str("LLM_MODEL", default="")

# --- official sources of evidence: a GST Suvidha Provider and an Account Aggregator; not connected, unless named ---
GSP_URL = env.str("GSP_URL", default="")
GSP_CLIENT_ID = env.str("GSP_CLIENT_ID", default="")
GSP_CLIENT_SECRET = env.str("GSP_CLIENT_SECRET", default="")
GSP_CERTIFICATE = env.str("GSP_CERTIFICATE", default="")  # file: the GST network's certificate or public key, PEM
GSP_PATHS: dict[str, str] = env.dict("GSP_PATHS", default={})  # where a provider's paths or versions are others
AA_URL = env.str("AA_URL", default="")
AA_FIU_ID = env.str("AA_FIU_ID", default="")  # our name among the users of financial information
AA_API_KEY = env.str("AA_API_KEY", default="")
AA_SIGNING_KEY = env.str("AA_SIGNING_KEY", default="")  # file: our RSA key in PEM, and how it is called
AA_SIGNING_KEY_ID = env.str("AA_SIGNING_KEY_ID", default="")
AA_PUBLIC_KEY = env.str("AA_PUBLIC_KEY", default="")  # file: the aggregator's RSA key in PEM
AA_PAGE = env.str("AA_PAGE", default="")  # where the owner approves; empty: in the aggregator's own app
SOURCE_RECORDINGS = ""  # folder of recorded conversations in place of the network: tests only
