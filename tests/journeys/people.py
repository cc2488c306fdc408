"""One person of each kind in a browser's shoes: a session cookie, for pages and API alike."""

import re
import secrets

import requests

from tests.journeys.callers import DOMAIN, PASSWORD

PEOPLE = {
    "owner": "priya",
    "other_owner": "rahul",
    "officer": "anjali",
    "analyst": "vikram",
    "risk": "deepa",
    "admin": "arjun",
}
"""The kinds that have an account in the demo; an individual signs up, and anonymous is nobody."""
STRONG = "a-long-pass-phrase-for-tests"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """Somebody with a cookie jar. `ask` answers the status of one request, redirects not followed."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()

    def sign_in(self, email: str, password: str) -> None:
        page = self.session.get(f"{self.address}/sign-in", timeout=30)
        form = {"username": email, "password": password, "csrfmiddlewaretoken": TOKEN.search(page.text)[1]}
        answer = self.session.post(f"{self.address}/sign-in", data=form, timeout=30, allow_redirects=False)
        assert answer.status_code == 302, answer.status_code

    def ask(self, method: str, path: str) -> int:
        """The status; an unsafe method carries the token of the cookie and an empty body."""
        self.session.headers["X-CSRFToken"] = self.session.cookies.get("csrftoken", "")
        body: dict[str, object] = {}
        if method == "POST" and path.startswith("api/"):
            body = {"files": {"nothing": b""}} if path.endswith(("uploads", "import")) else {"json": {}}
        answer = self.session.request(
            method, f"{self.address}/{path}", timeout=30, allow_redirects=False, stream=True, **body
        )
        answer.close()
        return answer.status_code


def visitor(address: str, kind: str) -> Visitor:
    """A person of that kind, signed in."""
    person = Visitor(address)
    if kind == "individual":
        email = f"somebody-{secrets.token_hex(4)}@{DOMAIN}"
        account = {"email": email, "password": STRONG, "first_name": "Some", "last_name": "Body"}
        requests.post(f"{address}/api/v1/auth/sign_up", json=account, timeout=30).raise_for_status()
        person.sign_in(email, STRONG)
    elif kind != "anonymous":
        person.sign_in(f"{PEOPLE[kind]}@{DOMAIN}", PASSWORD)
    else:
        person.session.get(f"{address}/sign-in", timeout=30)
    return person
