"""What a body may look like before anybody reads it."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import IO

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from creditiq.kernel.nesting import depth

DEEPEST = 64


class BoundedJSON(JSONParser):
    """JSON of a bounded depth; Python's parser recurses in C, and where the limit is raised its stack ends first."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        """The document. Raises ParseError for what is not JSON."""
        content = stream.read()
        if depth(content) > DEEPEST:
            raise ParseError(f"The JSON is nested more than {DEEPEST} deep.")
        document = super().parse(BytesIO(content), media_type, parser_context)
        if b"\\ud" in content.lower():
            _refuse_half_characters(document)
        return document


def _refuse_half_characters(document: object) -> None:
    """Neither the database nor an answer can hold half a character."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ParseError("A text in the JSON holds half of a surrogate pair.") from error
