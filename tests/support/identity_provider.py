"""A double of an OpenID Connect provider, over HTTP on this machine: it checks what a real one checks."""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.support.ports import free_port

CLIENT = "parley"
SECRET = "the client's secret"


@dataclass
class IdentityProvider:
    """Signs in whoever `person` is at once. `spoil` changes the claims of a token before it is signed; it is signed
    by `sign_with`, a key and an algorithm, or with the key `forged`; `down` has it answer nothing but errors."""

    address: str
    clock: Callable[[], datetime]
    person: dict[str, Any] = field(default_factory=dict)
    spoil: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, RSAKey] = field(default_factory=dict)
    forged: RSAKey | OctKey | None = None
    sign_with: tuple[str, str] = ("first", "RS256")
    down: bool = False
    asked_for_keys: int = 0
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def rotate(self, name: str) -> None:
        """Sign with a new key from now on; only it is published."""
        self.keys = {name: RSAKey.generate_key(2048, {"kid": name, "use": "sig"})}
        self.sign_with = (name, "RS256")

    def configuration(self) -> dict[str, Any]:
        """What the issuer says of itself."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "authorization_response_iss_parameter_supported": True,
        } | self.discovery

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes back to, with a code for this request."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(asked["scope"].split())
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.address})}"

    def exchange(self, sent: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The token for a code, once, for who can show the secret and the verifier."""
        asked = self._codes.pop(sent.get("code", ""), None)
        right = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization != f"Basic {right}" or sent["redirect_uri"] != asked["redirect_uri"]:
            return None
        challenge = hashlib.sha256(sent["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(challenge).decode().rstrip("=") != asked["code_challenge"]:
            return None
        now = int(self.clock().timestamp())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        return {"access_token": "x", "token_type": "Bearer", "id_token": self._signed(claims | self.person)}

    def _signed(self, claims: dict[str, Any]) -> str:
        name, algorithm = self.sign_with
        wanted = {key: value for key, value in (claims | self.spoil).items() if value is not None}
        if algorithm == "none":
            parts = ['{"alg":"none"}', str(wanted).replace("'", '"').replace("True", "true")]
            return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts) + "."
        return jwt.encode(
            {"alg": algorithm, "kid": name}, wanted, self.forged or self.keys[name], algorithms=[algorithm]
        )


def _application(double: IdentityProvider) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def down(request: Request, follow: Any) -> Response:
        answer: Response = JSONResponse({}, 503) if double.down else await follow(request)
        return answer

    @app.get("/.well-known/openid-configuration")
    async def configuration() -> dict[str, Any]:
        return double.configuration()

    @app.get("/keys")
    async def keys() -> dict[str, Any]:
        double.asked_for_keys += 1
        return {"keys": [key.as_dict(private=False) for key in double.keys.values()]}

    @app.get("/authorize")
    async def authorize(request: Request) -> Response:
        return RedirectResponse(double.authorize(dict(request.query_params)), 302)

    @app.post("/token")
    async def token(request: Request) -> Response:
        sent = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        made = double.exchange(sent, request.headers.get("authorization", ""))
        return JSONResponse(made) if made else JSONResponse({"error": "invalid_grant"}, 400)

    return app


@asynccontextmanager
async def running_identity_provider(clock: Callable[[], datetime]) -> AsyncIterator[IdentityProvider]:
    """One that answers on a port of this machine while the context is open."""
    port = free_port()
    double = IdentityProvider(f"http://127.0.0.1:{port}", clock)
    double.rotate("first")
    config = uvicorn.Config(_application(double), host="127.0.0.1", port=port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  uvicorn rings no bell
        await asyncio.sleep(0.01)
    try:
        yield double
    finally:
        server.should_exit = True
        await serving


async def visit(address: str) -> str:
    """A browser at the provider: where it is sent back to."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(address)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]
