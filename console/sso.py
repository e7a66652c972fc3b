"""Single sign-on by OpenID Connect: the authorization code flow with PKCE, and the proof of who signed in.

The provider is found by its issuer. Of its token only what is signed with one of its published keys is believed, made
for this console, for this very sign-in (nonce), by this issuer, and not yet expired.
"""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from console.security import same
from core.actions.sso import Identity, Rules
from core.errors import ParleyError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures with a key pair only: a shared secret would let who knows it sign as the provider."""

SCOPES = "openid email profile"
LEEWAY_S = 60
_KEPT = timedelta(hours=1)
_TIMEOUT_S = 10.0
_LARGEST = 512 * 1024


class SsoFailed(ParleyError):
    """The identity provider did not prove who signs in; `why` is for the log and the tests, never for a page."""

    code = "sso_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SsoOptions:
    """How to reach the provider. `role_claim` names the claim whose values `rules` maps to roles. `name` is what the
    button says. With `passwords_for_admins_only` everybody else signs in here."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    role_claim: str = "groups"
    name: str = ""
    passwords_for_admins_only: bool = False
    rules: Rules = Rules()


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun: what the browser keeps until it comes back. `next` is where it goes on to."""

    state: str
    nonce: str
    verifier: str
    next: str

    @classmethod
    def new(cls, next_path: str) -> "Begun":
        """Of fresh secrets."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), next_path)

    def to_json(self) -> list[str]:
        """For the signed cookie."""
        return [self.state, self.nonce, self.verifier, self.next]

    @classmethod
    def from_json(cls, value: object) -> "Begun | None":
        """From the signed cookie; None for what was never begun."""
        if isinstance(value, list) and len(value) == 4 and all(isinstance(each, str) for each in value):
            return cls(*value)
        return None


@dataclass(frozen=True, slots=True)
class _Provider:
    """What the issuer says of itself."""

    authorize: str
    token: str
    keys: str
    by_post: bool
    names_itself: bool
    read_at: datetime


class SingleSignOn:
    """One provider, asked over HTTP. What it says of itself, and its keys, are kept for an hour."""

    def __init__(self, options: SsoOptions, callback: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.options = options
        self.callback = callback
        self._transport = transport
        self._provider: _Provider | None = None
        self._keys: tuple[KeySet, datetime] | None = None
        self._turn = asyncio.Lock()

    async def address(self, begun: Begun, now: datetime) -> str:
        """Where the browser goes to sign in. SsoFailed when the provider does not answer."""
        provider = await self._found(now)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": self.options.client_id,
            "redirect_uri": self.callback,
            "scope": SCOPES,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{provider.authorize}{'&' if '?' in provider.authorize else '?'}{urlencode(asked)}"

    async def identity(self, begun: Begun, answer: Mapping[str, str], now: datetime) -> Identity:
        """Who came back with this answer. SsoFailed unless the provider proves it."""
        if not same(answer.get("state", ""), begun.state):
            raise SsoFailed("This is not the sign-in that was begun.", why="state")
        if "error" in answer:
            raise SsoFailed("The provider refused.", why="refused")
        provider = await self._found(now)
        if not same(answer.get("iss", self.options.issuer), self.options.issuer):
            raise SsoFailed("Another provider answered.", why="iss")
        if provider.names_itself and "iss" not in answer:
            raise SsoFailed("The provider did not name itself.", why="iss")
        if not answer.get("code"):
            raise SsoFailed("There is no code.", why="code")
        token = await self._exchange(provider, answer["code"], begun.verifier)
        claims = await self._claims(provider, token, now)
        if not same(str(claims.get("nonce", "")), begun.nonce):
            raise SsoFailed("The token is of another sign-in.", why="nonce")
        return _identity(claims, self.options)

    async def _found(self, now: datetime) -> _Provider:
        async with self._turn:
            if self._provider is None or now - self._provider.read_at >= _KEPT:
                address = f"{self.options.issuer.rstrip('/')}/.well-known/openid-configuration"
                self._provider = _provider(await self._json("GET", address), self.options.issuer, now)
            return self._provider

    async def _exchange(self, provider: _Provider, code: str, verifier: str) -> str:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "client_id": self.options.client_id,
            "code_verifier": verifier,
        }
        sent: dict[str, Any] = {"data": fields}
        if self.options.client_secret and provider.by_post:
            fields["client_secret"] = self.options.client_secret
        elif self.options.client_secret:
            sent["auth"] = (self.options.client_id, self.options.client_secret)
        token = (await self._json("POST", provider.token, **sent)).get("id_token")
        if not isinstance(token, str):
            raise SsoFailed("The provider gave no token.", why="token")
        return token

    async def _claims(self, provider: _Provider, token: str, now: datetime) -> dict[str, Any]:
        try:
            try:
                read = jwt.decode(token, await self._key_set(provider, now), algorithms=list(ALGORITHMS))
            except (JoseError, ValueError):
                read = jwt.decode(token, await self._key_set(provider, now, anew=True), algorithms=list(ALGORITHMS))
            registry = jwt.JWTClaimsRegistry(
                now=lambda: int(now.timestamp()),
                leeway=LEEWAY_S,
                iss={"essential": True, "value": self.options.issuer},
                aud={"essential": True, "value": self.options.client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
            )
            registry.validate(read.claims)
        except (JoseError, ValueError, TypeError) as error:
            raise SsoFailed("The token is not one to believe.", why=type(error).__name__) from error
        several = isinstance(read.claims["aud"], list) and len(read.claims["aud"]) > 1
        if (several or "azp" in read.claims) and read.claims.get("azp") != self.options.client_id:
            raise SsoFailed("The token was made for another program.", why="azp")
        return dict(read.claims)

    async def _key_set(self, provider: _Provider, now: datetime, *, anew: bool = False) -> KeySet:
        """The provider's keys; `anew` where a token is signed with one that is not known yet."""
        async with self._turn:
            if self._keys is None or anew or now - self._keys[1] >= _KEPT:
                found = await self._json("GET", provider.keys)
                usable = [key for key in found.get("keys", ()) if isinstance(key, dict) and key.get("use") != "enc"]
                self._keys = KeySet.import_key_set({"keys": [key for key in usable if key.get("kty") != "oct"]}), now
            return self._keys[0]

    async def _json(self, method: str, address: str, **sent: Any) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(transport=self._transport, timeout=_TIMEOUT_S) as client:
                answer = await client.request(method, address, headers={"Accept": "application/json"}, **sent)
            if answer.status_code != 200 or len(answer.content) > _LARGEST:
                raise SsoFailed("The provider did not answer as it should.", why=f"status {answer.status_code}")
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise SsoFailed("The provider did not answer.", why=type(error).__name__) from error
        if not isinstance(found, dict):
            raise SsoFailed("The provider did not answer as it should.", why="shape")
        return found


def _provider(said: Mapping[str, Any], issuer: str, now: datetime) -> _Provider:
    if said.get("issuer") != issuer:
        raise SsoFailed("The provider calls itself something else.", why="issuer")
    addresses = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    insecure = urlsplit(issuer).scheme == "http"
    if not all(isinstance(each, str) and _is_web(each, insecure=insecure) for each in addresses):
        raise SsoFailed("The provider names no addresses that can be trusted.", why="addresses")
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    authorize, token, keys = (str(each) for each in addresses)
    return _Provider(
        authorize,
        token,
        keys,
        by_post="client_secret_basic" not in methods,
        names_itself=bool(said.get("authorization_response_iss_parameter_supported")),
        read_at=now,
    )


def _is_web(address: str, *, insecure: bool) -> bool:
    """An issuer reached over TLS does not send anybody elsewhere without it."""
    return urlsplit(address).scheme in (("http", "https") if insecure else ("https",))


def _identity(claims: Mapping[str, Any], options: SsoOptions) -> Identity:
    groups = claims.get(options.role_claim)
    values = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    email = claims.get("email")
    return Identity(
        issuer=options.issuer,
        subject=str(claims["sub"]),
        email=email.strip().lower() if isinstance(email, str) and email.strip() else None,
        email_verified=claims.get("email_verified") is True,
        name=str(claims.get("name") or claims.get("preferred_username") or ""),
        groups=tuple(str(value) for value in values),
    )
