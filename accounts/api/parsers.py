"""What a body may look like before anybody reads it."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class BodyTooLarge(APIException):
    """More than a JSON request of ours can hold."""

    status_code = 413
    default_detail = "The body is too large."
    default_code = "too_large"


class BoundedJSON(JSONParser):
    """JSON up to DATA_UPLOAD_MAX_MEMORY_SIZE and as deep as Python reads; DRF itself checks neither."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, object] | None = None
    ) -> object:
        """The document. Raises BodyTooLarge, or ParseError for what is not JSON."""
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise BodyTooLarge
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error
