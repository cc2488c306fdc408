"""Scripts of other sites may not read the interface, unless their origin is named."""

import pytest
from django.test import Client, override_settings

ELSEWHERE = "https://partner.example"


@pytest.mark.django_db
def test_no_origin_is_let_in_unless_it_is_named(client: Client) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/api/v1/health", headers={"origin": ELSEWHERE}).headers
    with override_settings(CORS_ALLOWED_ORIGINS=[ELSEWHERE]):
        answer = client.get("/api/v1/health", headers={"origin": ELSEWHERE})
        page = client.get("/sign-in", headers={"origin": ELSEWHERE})
    assert answer.headers["Access-Control-Allow-Origin"] == ELSEWHERE
    assert "Access-Control-Allow-Origin" not in page.headers
