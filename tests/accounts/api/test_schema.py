"""The API's description of what accounts offers."""

import pytest
from drf_spectacular.generators import SchemaGenerator

from accounts.api import urls
from accounts.api.schema import document_problems

Document = dict[str, dict[str, dict[str, dict[str, object]]]]


@pytest.fixture(scope="module")
def description() -> Document:
    made = SchemaGenerator(patterns=urls.urlpatterns).get_schema(public=True)
    return document_problems(made)


def test_operations_say_how_one_is_known(description: Document) -> None:
    assert description["paths"]["/auth/me"]["get"]["security"] == [{"bearer": []}, {"api_key": []}, {"session": []}]
    assert description["paths"]["/auth/sign_in"]["post"].get("security", [{}]) == [{}]
    assert set(description["components"]["securitySchemes"]) == {"bearer", "api_key", "session"}


def test_every_operation_documents_its_problems(
    description: Document,
) -> None:
    operations = [operation for path in description["paths"].values() for operation in path.values()]
    assert operations
    assert all("default" in operation["responses"] for operation in operations)
    assert "Problem" in description["components"]["schemas"]
