"""The way in for people: a page that asks for name and password, and gives the browser a cookie."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.service.access import LOGIN, cookie_name
from assistant.service.limits import Rate
from assistant.service.logins import LASTS, Logins

TRIES = "10/minute"
"""Passwords that may be tried for one name."""

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Whence: log in</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }}
body {{ max-width: 22rem; margin: 15vh auto 0; padding: 0 1rem }}
label {{ display: block; margin-top: 1rem }}
input, button {{ font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; margin-top: .25rem }}
button {{ margin-top: 1.5rem }}
</style>
<h1>Whence</h1>
<form method="post" action="{action}">
<p role="alert">{told}</p>
<label>Name<input name="name" autocomplete="username" required autofocus></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button>
</form>
</html>
"""


def router(logins: Logins, base: str = "") -> APIRouter:
    """Logging in and out of the service shown under `base`."""
    paths = APIRouter(include_in_schema=False)
    tries = Rate(TRIES)
    cookie = cookie_name(base)
    home = f"{base}/"

    def page(told: str = "", status: int = 200) -> HTMLResponse:
        return HTMLResponse(_PAGE.format(action=f"{base}{LOGIN}", told=told), status, {"Cache-Control": "no-store"})

    @paths.get(LOGIN)
    async def ask() -> HTMLResponse:
        """The form."""
        return page()

    @paths.post(LOGIN)
    async def enter(
        request: Request,
        name: Annotated[str, Form(max_length=200)],
        password: Annotated[str, Form(max_length=1_000)],
    ) -> Response:
        """In, if name and password are right."""
        if seconds := tries.wait(name):
            return page(f"Too many tries. Try again in {seconds} seconds.", 429)
        secret = await run_in_threadpool(logins.enter, name, password)
        if secret is None:
            return page("Name or password is wrong.", 401)
        entered = RedirectResponse(home, 303)
        entered.set_cookie(
            cookie, secret, int(LASTS.total_seconds()), path=home, httponly=True, samesite="lax",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return entered

    @paths.post("/logout")
    async def leave(request: Request) -> Response:
        """Out: the browser is known no longer."""
        if secret := request.cookies.get(cookie):
            await run_in_threadpool(logins.leave, secret)
        left = RedirectResponse(f"{base}{LOGIN}", 303)
        left.delete_cookie(cookie, path=home)
        return left

    return paths
