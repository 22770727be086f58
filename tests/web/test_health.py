"""What every process answers over HTTP, whatever state it is in."""

import pytest
from litestar.testing import TestClient
from structlog.testing import capture_logs

from tocsin.web.health import health_app
from tocsin.web.problems import DETAILS


class Process:
    """A process that says of itself what the test wants (`web.health.Status`)."""

    def __init__(self):
        self.lacks = []
        self.figures = b"tocsin_ready 1.0\n"

    def missing(self):
        return self.lacks

    def metrics(self):
        if self.figures is None:
            raise ZeroDivisionError("somebody's name")
        return self.figures


@pytest.fixture
def process():
    return Process()


@pytest.fixture
def client(process):
    with TestClient(health_app(process), raise_server_exceptions=False) as made:
        yield made


def test_process_that_answers_is_healthy_though_it_lacks_something(client, process):
    process.lacks = ["the disk is full"]
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (
        200,
        "ok\n",
        "text/plain; charset=utf-8",
    )


def test_ready_process_says_so(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "missing": []})


def test_process_that_lacks_something_is_not_ready_and_names_it(client, process):
    process.lacks = ["the disk is full", "signed heads cannot be written"]
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "missing": process.lacks})


def test_metrics_are_prometheus_text(client):
    answer = client.get("/metrics")
    assert (answer.status_code, answer.content) == (200, b"tocsin_ready 1.0\n")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [
        ("GET", "/", 404, "Not Found"),
        ("GET", "/metrics/all", 404, "Not Found"),
        ("GET", "/api/openapi.json", 404, "Not Found"),
        ("GET", "/..%2f..%2fetc%2fpasswd", 404, "Not Found"),
        ("POST", "/healthz", 405, "Method Not Allowed"),
        ("DELETE", "/readyz", 405, "Method Not Allowed"),
    ],
)
def test_what_is_not_there_is_a_problem_document(client, method, path, status, title):
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json() == {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": f"http.{status}",
        "detail": DETAILS[status],
    }


def test_bug_of_ours_is_a_problem_document_without_details_and_is_logged(client, process):
    process.figures = None
    with capture_logs() as logs:
        answer = client.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "code": "http.500",
        "detail": DETAILS[500],
    }
    assert "somebody" not in answer.text
    assert [(log["event"], log["log_level"]) for log in logs] == [("web.failed", "error")]
