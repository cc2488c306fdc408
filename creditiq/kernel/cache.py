"""What the cache holds is JSON: whoever can write to the cache server cannot make us run anything."""

import json


class JsonSerializer:
    """Serializer of Django's Redis cache. Whole numbers stay bare, so that counting happens on the server."""

    def dumps(self, obj: object) -> int | bytes:
        """The value as it is stored."""
        return obj if type(obj) is int else json.dumps(obj).encode()

    def loads(self, data: bytes) -> object:
        """The value as it was given."""
        return json.loads(data)
