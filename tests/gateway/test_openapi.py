"""The published description: what clients are built from must not change by accident."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

SNAPSHOT = Path(__file__).parent / "openapi_operations.json"
"""Made by `json.dumps(operations(document), indent=2)`. A change here is a change for clients."""

Document = dict[str, Any]


@pytest.fixture
def document(app: FastAPI) -> Document:
    return app.openapi()


def each(document: Document) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def operations(document: Document) -> dict[str, Any]:
    """Operation id → address, parameters and statuses."""
    return {
        operation["operationId"]: {
            "address": f"{method.upper()} {path}",
            "parameters": [f"{p['in']}:{p['name']}" for p in operation.get("parameters", ())],
            "statuses": sorted(operation["responses"]),
        }
        for path, method, operation in each(document)
    }


def test_the_operations_are_the_published_ones(document: Document) -> None:
    assert operations(document) == json.loads(SNAPSHOT.read_text())


def test_everything_is_described(document: Document) -> None:
    for path, method, operation in each(document):
        assert operation["summary"], f"{method} {path}"
        assert operation["description"], f"{method} {path}"
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description"), f"{parameter['name']} of {method} {path}"


def test_every_error_is_a_problem_with_an_example(document: Document) -> None:
    for path, method, operation in each(document):
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (path, method)
                content = response["content"]["application/problem+json"]
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert content["example"]["status"] == int(status)


def test_only_the_open_addresses_need_no_key(document: Document) -> None:
    is_open = {p for p, _, o in each(document) if o.get("security") == []}

    assert is_open == {"/health", "/ready", "/problems", "/problems/{code}"}
    assert document["security"] == [{"bearer": []}, {"header": []}]


def test_the_webhook_and_the_link_to_the_job_are_there(document: Document) -> None:
    assert "jobFinished" in document["webhooks"]
    links = document["paths"]["/v1/jobs"]["post"]["responses"]["202"]["links"]
    assert links["GetJob"]["operationId"] == "getJob"


def test_the_body_has_an_example(document: Document) -> None:
    assert document["components"]["schemas"]["NewJob"]["examples"]
