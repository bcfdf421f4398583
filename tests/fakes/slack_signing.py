"""How Slack signs what it sends: v0, an HMAC over the time and the raw bytes."""

import hashlib
import hmac


def signed_headers(secret: str, body: bytes, at: int) -> dict[str, str]:
    """Return the two headers that prove that Slack sent these bytes at this second."""
    digest = hmac.new(secret.encode(), b"v0:%d:%s" % (at, body), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={digest}"}
