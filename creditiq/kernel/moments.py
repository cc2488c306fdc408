"""Moments that strangers send over the API."""

from datetime import UTC, datetime

from rest_framework import serializers


class MomentField(serializers.DateTimeField):
    """A moment with its zone (Indian time where none is named); one that no clock of UTC shows is refused.

    The framework holds a moment against the house's zone alone; the database keeps it in UTC.
    """

    def to_internal_value(self, value: datetime | str) -> datetime:
        try:
            moment = super().to_internal_value(value)
            moment.astimezone(UTC)
        except OverflowError:
            self.fail("overflow")
        return moment
