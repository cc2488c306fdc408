"""Doors as a client sees them."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.factories.accounts import PASSWORD


@pytest.fixture
def api() -> APIClient:
    """Nobody signed in."""
    return APIClient()


def signed_in(user: User) -> APIClient:
    """A client with the person's access token."""
    client = APIClient()
    answer = client.post("/api/v1/auth/sign_in", {"email": user.email, "password": PASSWORD}).json()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer['access_token']}")
    return client
