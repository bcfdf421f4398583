"""The only client of Footnote's own requests into the network: every connection is checked where it is made."""

from pipelines.adapters.safe_http.client import HttpLimits, Response, SafeHttp
from pipelines.adapters.safe_http.faults import Refused, TooLarge, Unreachable
from pipelines.adapters.safe_http.resolving import Resolver, checked_addresses, system_resolver
from pipelines.adapters.safe_http.urls import Url, parse_url


__all__ = [
    "HttpLimits",
    "Refused",
    "Resolver",
    "Response",
    "SafeHttp",
    "TooLarge",
    "Unreachable",
    "Url",
    "checked_addresses",
    "parse_url",
    "system_resolver",
]
