"""What a body may look like before anybody reads it."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import IO

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSON(JSONParser):
    """JSON as deep as Python reads; DRF lets anything deeper become a 500."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        """The document. Raises ParseError for what is not JSON."""
        body = stream.read()
        try:
            document = super().parse(BytesIO(body), media_type, parser_context)
            if b"\\ud" in body.lower():
                json.dumps(document, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error
        except UnicodeEncodeError as error:  # neither the database nor an answer can hold half a character
            raise ParseError("A text in the JSON holds half of a surrogate pair.") from error
        return document
