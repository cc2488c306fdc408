"""Views of lists that a person keeps for themselves."""

import uuid

from django.db import models


class SavedView(models.Model):
    """The filters and columns of one list under a name of one's own; nobody else sees it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=80, help_text="name of the list's address")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True, help_text="the part of the address after the question mark")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "page", "name"], name="view_name_is_taken_once"),)

    def __str__(self) -> str:
        return self.name
