"""A user's first day in Python, with its standard library alone, driven by the API's own OpenAPI document.

In a clone: npm start, then python3 examples/usage.py. Every operation of the document is a method here, named by its
method and path: ``POST /usage/consume`` is ``billing("POST /usage/consume", body={...})``, and what the document does
not know is refused before anything is sent.
"""

import json
import os
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

ATTEMPTS_MAX = 6
PAUSE_FIRST_S = 0.1
PAUSE_MAX_S = 5.0
ATTEMPT_MAX_S = 15.0
AGAIN = {429, 502, 503, 504}


class Problem(Exception):
    """The service did not carry out the request; `code` is stable."""

    def __init__(self, status, body):
        super().__init__(f"{body.get('title')}: {body.get('detail')} ({body.get('code')})")
        self.status = status
        self.code = body.get("code")
        self.errors = body.get("errors", [])
        self.request_id = body.get("request_id")


class Billing:
    def __init__(self, base_url, api_key, user_id):
        self.base_url = base_url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {api_key}", "X-User-Id": user_id}
        with urllib.request.urlopen(f"{self.base_url}/openapi.json", timeout=ATTEMPT_MAX_S) as answer:
            document = json.load(answer)
        prefix = "/api/v1/billing"
        self.operations = {
            f"{method.upper()} {path.removeprefix(prefix)}": path
            for path, methods in document["paths"].items()
            for method in methods
        }

    def __call__(self, operation, body=None, path=None, query=None, key=None):
        """Calls an operation, under one key with its retries, and answers its body."""
        template = self.operations[operation]
        url = self.base_url + template.format(**{k: urllib.parse.quote(v, safe="") for k, v in (path or {}).items()})
        if query:
            url += "?" + urllib.parse.urlencode(query)
        request = urllib.request.Request(url, method=operation.split(" ")[0], headers=dict(self.headers))
        request.add_header("Idempotency-Key", key or str(uuid.uuid4()))
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        for attempt in range(1, ATTEMPTS_MAX + 1):
            asked = 0.0
            try:
                with urllib.request.urlopen(request, timeout=ATTEMPT_MAX_S) as answer:
                    text = answer.read()
                    return json.loads(text) if text else None
            except urllib.error.HTTPError as error:
                if error.code not in AGAIN or attempt == ATTEMPTS_MAX:
                    raise Problem(error.code, problem_in(error.read())) from error
                asked = float(error.headers.get("Retry-After") or 0)
            except OSError:
                # Nobody knows whether it was counted. A repeat with the same key answers that, and never counts twice.
                if attempt == ATTEMPTS_MAX:
                    raise
            pause = min(PAUSE_FIRST_S * 2 ** (attempt - 1), PAUSE_MAX_S)
            time.sleep(max(asked, pause * random.uniform(0.5, 1)))


def problem_in(text):
    try:
        return json.loads(text)
    except ValueError:
        return {"code": "unknown", "title": "Something in between answered", "detail": text.decode(errors="replace")}


def main():
    user_id = sys.argv[1] if len(sys.argv) > 1 else f"python-{uuid.uuid4()}"
    billing = Billing(
        os.environ.get("PERENNIAL_URL", "http://localhost:3000"),
        os.environ.get("PERENNIAL_API_KEY", "bk_dev_app"),
        user_id,
    )
    begun = billing("POST /subscriptions/checkout", body={"plan_id": "plan_free"})
    print("subscription", begun["status"])
    everything = {"feature": "messages_sent", "amount": 100}
    for _ in range(2):
        # The second time it is a repeat: the same answer, and nothing more is counted.
        decision = billing("POST /usage/consume", body=everything, key=f"{user_id}/all")
        print("consume", decision["outcome"], decision["used_amount"])
    decision = billing("POST /usage/consume", body={"feature": "messages_sent"})
    print("one more", decision["outcome"], decision["reason"])
    try:
        billing("GET /subscriptions/{id}", path={"id": str(uuid.uuid4())})
    except Problem as problem:
        print("problem", problem.status, problem.code)


main()
