"""Single sign-on as the settings want it."""

from console.sso import SsoOptions
from core.actions.sso import Rules
from core.settings import Settings


def sso_options(settings: Settings) -> SsoOptions | None:
    """The house's identity provider; None where only passwords sign in."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    secret = settings.oidc_client_secret
    return SsoOptions(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=secret.get_secret_value() if secret is not None else "",
        role_claim=settings.oidc_role_claim,
        name=settings.oidc_name or "",
        passwords_for_admins_only=settings.oidc_passwords == "admins",
        rules=Rules(roles=settings.oidc_roles, domains=settings.oidc_domains, create=settings.oidc_create),
    )
