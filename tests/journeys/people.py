"""One person of each kind in a browser's shoes: a session cookie, for pages and API alike."""

import base64
import hmac
import json
import re
import secrets
import time

import requests

from tests.journeys.callers import DOMAIN, PASSWORD

PEOPLE = {
    "owner": "priya",
    "other_owner": "rahul",
    "officer": "anjali",
    "analyst": "vikram",
    "risk": "deepa",
    "admin": "arjun",
    "other_bank": "meera",
    "collections": "kiran",
    "principal": "farida",
    "auditor": "sunita",
}
"""The kinds that have an account in the demo; an individual signs up, and anonymous is nobody."""
FILES = ("uploads", "import", "watchlists", "papers")
"""Where files are sent."""
STRONG = "a-long-pass-phrase-for-tests"
VERIFY = re.compile(r"/verify-email/([\w:.-]+)")
LOCAL_KEY = "local-only-signing-key-which-production-refuses"
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
            body = {"files": {"nothing": b""}} if path.endswith(FILES) else {"json": {}}
        answer = self.session.request(
            method, f"{self.address}/{path}", timeout=30, allow_redirects=False, stream=True, **body
        )
        answer.close()
        return answer.status_code


def sign_up(address: str, email: str) -> None:
    """An individual's account, whose address is not proved yet."""
    account = {"email": email, "password": STRONG, "first_name": "Some", "last_name": "Body"}
    requests.post(f"{address}/api/v1/auth/sign_up", json=account, timeout=30).raise_for_status()


def prove_address(address: str, email: str) -> None:
    """Follow the link of the letter, as the outbox of the demo shows it."""
    letters = requests.get(f"{address}/outbox", params={"to": email}, timeout=30).text
    token = VERIFY.search(letters)[1]
    requests.post(f"{address}/api/v1/auth/verify_email", json={"token": token}, timeout=30).raise_for_status()


class Bearer(Visitor):
    """Somebody who shows an access token instead of a cookie."""

    def __init__(self, address: str, token: str) -> None:
        super().__init__(address)
        self.session.headers["Authorization"] = f"Bearer {token}"


def expired(address: str) -> Bearer:
    """Priya with an access token that ran out an hour ago."""
    token = tokens_of(address, f"priya@{DOMAIN}", PASSWORD)
    header, claims, _ = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    told["exp"] = int(time.time()) - 3600
    body = base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
    digest = hmac.digest(LOCAL_KEY.encode(), f"{header}.{body}".encode(), "sha256")
    return Bearer(address, f"{header}.{body}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}")


def disabled(address: str) -> Bearer:
    """An individual whose account an administrator closed after they signed in."""
    email = f"closed-{secrets.token_hex(4)}@{DOMAIN}"
    sign_up(address, email)
    prove_address(address, email)
    token = tokens_of(address, email, STRONG)
    admin = {"Authorization": f"Bearer {tokens_of(address, f'arjun@{DOMAIN}', PASSWORD)}"}
    found = requests.get(f"{address}/api/v1/users", params={"q": email}, headers=admin, timeout=30).json()["results"]
    closed = {"role": "individual", "is_active": False}
    user = f"{address}/api/v1/users/{found[0]['id']}"
    requests.patch(user, json=closed, headers=admin, timeout=30).raise_for_status()
    return Bearer(address, token)


def tokens_of(address: str, email: str, password: str) -> str:
    """An access token."""
    answer = requests.post(f"{address}/api/v1/auth/sign_in", json={"email": email, "password": password}, timeout=30)
    answer.raise_for_status()
    return answer.json()["access_token"]


OUT_OF_TIME = {"expired": expired, "disabled": disabled}


def visitor(address: str, kind: str) -> Visitor:
    """A person of that kind, signed in."""
    if kind in OUT_OF_TIME:
        return OUT_OF_TIME[kind](address)
    person = Visitor(address)
    if kind == "individual":
        email = f"somebody-{secrets.token_hex(4)}@{DOMAIN}"
        sign_up(address, email)
        prove_address(address, email)
        person.sign_in(email, STRONG)
        person.ask("POST", "account/first-steps")
    elif kind != "anonymous":
        person.sign_in(f"{PEOPLE[kind]}@{DOMAIN}", PASSWORD)
    else:
        person.session.get(f"{address}/sign-in", timeout=30)
    return person
