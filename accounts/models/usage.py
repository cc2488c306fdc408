"""What programs did with their keys, counted."""

from django.db import models

from accounts.models.api_keys import ApiKey


class KeyUsage(models.Model):
    """Calls of one key to one operation on one Indian day that ended in one class and took no longer than a bound."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="usage")
    day = models.DateField()
    operation = models.CharField(max_length=160, help_text="method and path, as the description writes it")
    status = models.PositiveSmallIntegerField(help_text="first digit")
    bound = models.PositiveIntegerField(help_text="milliseconds, one of the bounds of engine.latencies")
    calls = models.PositiveBigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "day", "operation", "status", "bound"], name="key_usage_once"),
            models.CheckConstraint(condition=models.Q(status__range=(1, 5)), name="key_usage_status_is_a_class"),
        )
        indexes = (models.Index(fields=["day"], name="key_usage_day"),)

    def __str__(self) -> str:
        return f"{self.operation} on {self.day}"


class UsageFlush(models.Model):
    """A bundle of counts that was written down already: a crash before it is thrown away counts nothing twice."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
