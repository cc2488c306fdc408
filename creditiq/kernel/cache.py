"""What the cache holds is JSON: whoever can write to the cache server cannot make us run anything."""

import json

from django.core.cache.backends.redis import RedisCache
from prometheus_client import Counter

ASKED = Counter("creditiq_cache_reads_total", "Reads of the cache by what they found.", ["found"])


class CountedCache(RedisCache):
    """Django's Redis cache; the metrics tell how often a read found something."""

    def get(self, key: str, default: object = None, version: int | None = None) -> object:
        """The value, or `default`."""
        absent = object()
        found = super().get(key, default=absent, version=version)
        ASKED.labels("miss" if found is absent else "hit").inc()
        return default if found is absent else found


class JsonSerializer:
    """Serializer of Django's Redis cache. Whole numbers stay bare, so that counting happens on the server."""

    def dumps(self, obj: object) -> int | bytes:
        """The value as it is stored."""
        return obj if type(obj) is int else json.dumps(obj).encode()

    def loads(self, data: bytes) -> object:
        """The value as it was given."""
        return json.loads(data)
