"""People come in by a login, or by the word of a trusted proxy; and nobody may ask without end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from serving import collection
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.api import application
from assistant.cli import whence
from assistant.ledger import FILE, Bearer, Ledger
from assistant.service.access import NotGuarded
from assistant.service.limits import Rate
from assistant.service.logins import BadLogin, Logins
from assistant.service.rules import Rules, collections, rules
from assistant.settings import Settings
from index.errors import WhenceError

PASSWORD = "nine weeks of repairs"
HTML = {"Accept": "text/html,*/*"}
ADDITION = {"articles": [{"id": "crow-1", "text": "A crow sat on the mast."}]}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with collection(tmp_path_factory.mktemp("logins")) as one:
        Logins(Ledger(one.index.path / FILE)).create("ines", PASSWORD)
        Logins(Ledger(one.index.path / FILE)).create("editor", PASSWORD, "write")
        yield one


def visitor(assistant: Assistant, wanted: Rules | None = None, peer: str = "testclient") -> TestClient:
    """A browser, from which nothing is followed by itself."""
    app = application(assistant, host="0.0.0.0", rules=wanted or Rules())
    return TestClient(app, base_url="http://news.example", follow_redirects=False, client=(peer, 1))


def logged_in(assistant: Assistant, name: str) -> TestClient:
    client = visitor(assistant)
    assert client.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
    return client


# -- logins ----------------------------------------------------------------------------------------------------------


def test_a_password_is_kept_as_a_salted_hash(tmp_path: Path) -> None:
    logins = Logins(Ledger(tmp_path / FILE))
    logins.create("ines", PASSWORD)
    logins.create("omar", PASSWORD)
    kept = (tmp_path / FILE).read_bytes()
    assert PASSWORD.encode() not in kept
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert [one.name for one in logins.all()] == ["ines", "omar"]


def test_a_browser_is_known_until_it_leaves_or_its_login_goes(tmp_path: Path) -> None:
    logins = Logins(Ledger(tmp_path / FILE))
    logins.create("ines", PASSWORD, "write")
    first, second = logins.enter("ines", PASSWORD), logins.enter("ines", PASSWORD)
    assert first and second
    assert logins.known(first) == Bearer("ines", "write")
    logins.leave(first)
    assert (logins.known(first), logins.known(second)) == (None, Bearer("ines", "write"))
    logins.remove("ines")
    assert logins.known(second) is None


@pytest.mark.parametrize(("name", "password"), [("ines", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_or_password_lets_nobody_in(tmp_path: Path, name: str, password: str) -> None:
    logins = Logins(Ledger(tmp_path / FILE))
    logins.create("ines", PASSWORD)
    assert logins.enter(name, password) is None


def test_a_new_password_ends_what_the_old_one_began(tmp_path: Path) -> None:
    logins = Logins(Ledger(tmp_path / FILE))
    logins.create("ines", PASSWORD)
    secret = logins.enter("ines", PASSWORD) or ""
    logins.create("ines", "another one, quite long")
    assert (logins.known(secret), logins.enter("ines", PASSWORD)) == (None, None)


def test_a_short_password_and_an_unknown_login_are_refused(tmp_path: Path) -> None:
    logins = Logins(Ledger(tmp_path / FILE))
    with pytest.raises(BadLogin, match="needs 12 characters at least; this one has 5"):
        logins.create("ines", "short")
    with pytest.raises(BadLogin, match="There is no login 'ines'"):
        logins.remove("ines")


def test_logins_are_made_listed_and_removed_from_the_command_line(tmp_path: Path) -> None:
    with collection(tmp_path) as fresh:
        folder = str(fresh.index.path)

    def run(*words: str) -> str:
        return CliRunner().invoke(whence, ["--index", folder, "login", *words], input=f"{PASSWORD}\n").output

    assert "can log in" in run("create", "omar", "--write", "--stdin")
    assert "omar  write" in run("list")
    assert "omar removed" in run("remove", "omar")


# -- the way in ------------------------------------------------------------------------------------------------------


def test_a_browser_is_led_to_the_form_and_comes_in_with_a_cookie(assistant: Assistant) -> None:
    client = visitor(assistant)
    led = client.get("/", headers=HTML)
    assert (led.status_code, led.headers["location"]) == (303, "/login")
    assert 'action="/login"' in client.get("/login").text
    entered = client.post("/login", data={"name": "ines", "password": PASSWORD})
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    cookie = entered.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert PASSWORD not in cookie
    assert client.get("/api/status").status_code == 200
    assert client.post("/logout").headers["location"] == "/login"
    assert client.get("/api/status").status_code == 401


def test_a_wrong_password_is_told_and_not_which_of_both_was_wrong(assistant: Assistant) -> None:
    client = visitor(assistant)
    wrong = [client.post("/login", data={"name": name, "password": "x"}) for name in ("ines", "nobody")]
    assert [one.status_code for one in wrong] == [401, 401]
    assert wrong[0].text == wrong[1].text


def test_passwords_cannot_be_tried_without_end(assistant: Assistant) -> None:
    client = visitor(assistant)
    tried = [client.post("/login", data={"name": "mallory", "password": str(i)}).status_code for i in range(11)]
    assert tried == [401] * 10 + [429]


def test_over_https_the_cookie_is_kept_to_https(assistant: Assistant) -> None:
    client = visitor(assistant, peer="127.0.0.1")
    sent = {"X-Forwarded-Proto": "https"}
    entered = client.post("/login", data={"name": "ines", "password": PASSWORD}, headers=sent)
    assert "Secure" in entered.headers["set-cookie"]


def test_a_login_writes_only_if_it_may_and_only_from_our_own_page(assistant: Assistant) -> None:
    assert logged_in(assistant, "ines").post("/api/articles", json=ADDITION).status_code == 403
    editor = logged_in(assistant, "editor")
    elsewhere = {"Origin": "http://evil.example"}
    assert editor.post("/api/articles", json=ADDITION, headers=elsewhere).status_code == 403
    assert editor.post("/api/articles", json=ADDITION, headers={"Origin": "http://news.example"}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1.evil.example"])
def test_on_this_machine_a_page_of_another_site_changes_nothing(assistant: Assistant, origin: str) -> None:
    client = TestClient(application(assistant), base_url="http://127.0.0.1")
    told = client.post("/api/uploads/a.txt", content=b"A crow sat there.", headers={"Origin": origin})
    assert (told.status_code, told.json()["code"]) == (403, "forbidden")


# -- the word of a proxy ---------------------------------------------------------------------------------------------

PROXIED = Rules(trusted_header="X-Forwarded-User", trusted_proxies=("10.1.0.0/16",))


@pytest.mark.parametrize(
    ("peer", "user", "status"),
    [("10.1.2.3", "omar", 200), ("10.2.2.3", "omar", 401), ("10.1.2.3", "", 401), ("testclient", "omar", 401)],
)
def test_a_trusted_proxy_names_who_comes_and_nobody_else_can(
    assistant: Assistant, peer: str, user: str, status: int
) -> None:
    client = visitor(assistant, PROXIED, peer)
    assert client.get("/api/status", headers={"X-Forwarded-User": user}).status_code == status


def test_a_forged_forwarded_address_makes_nobody_a_trusted_proxy(assistant: Assistant) -> None:
    client = visitor(assistant, PROXIED, "203.0.113.9")
    sent = {"X-Forwarded-User": "omar", "X-Forwarded-For": "10.1.2.3"}
    assert client.get("/api/status", headers=sent).status_code == 401


def test_whom_the_proxy_names_may_do_what_the_rules_say(assistant: Assistant) -> None:
    named = {"X-Forwarded-User": "omar"}
    writers = Rules(trusted_header="X-Forwarded-User", trusted_proxies=("10.1.0.0/16",), trusted_scope="write")
    reading, writing = visitor(assistant, PROXIED, "10.1.2.3"), visitor(assistant, writers, "10.1.2.3")
    assert reading.post("/api/articles", json=ADDITION, headers=named).status_code == 403
    assert writing.post("/api/articles", json=ADDITION, headers=named).status_code == 200


def test_a_proxys_word_is_enough_to_listen_elsewhere(tmp_path: Path) -> None:
    with collection(tmp_path) as fresh:
        with pytest.raises(NotGuarded, match="whence login create"):
            application(fresh, host="0.0.0.0")
        assert application(fresh, host="0.0.0.0", rules=PROXIED)


# -- how often -------------------------------------------------------------------------------------------------------


def test_a_rate_counts_each_for_itself() -> None:
    rate = Rate("2/minute")
    assert [rate.wait("a"), rate.wait("a"), rate.wait("b")] == [0, 0, 0]
    assert 0 < rate.wait("a") <= 60


def test_what_is_no_rate_is_told() -> None:
    with pytest.raises(WhenceError, match="600/minute is one"):
        Rate("often")


def test_a_token_that_asks_too_often_is_told_when_to_ask_again(assistant: Assistant) -> None:
    ledger = Ledger(assistant.index.path / FILE)
    eager, calm = ({"Authorization": f"Bearer {ledger.create(name)}"} for name in ("eager", "calm"))
    client = visitor(assistant, Rules(rate="3/minute"))
    told = [client.get("/v1/models", headers=eager) for _ in range(4)]
    assert [one.status_code for one in told] == [200, 200, 200, 429]
    assert told[-1].json()["code"] == "too-many-requests"
    assert 0 < int(told[-1].headers["retry-after"]) <= 60
    assert told[-1].json()["error"]["code"] == "too-many-requests", "where OpenAI's clients look"
    assert client.get("/v1/models", headers=calm).status_code == 200


# -- rules from settings ---------------------------------------------------------------------------------------------


def test_settings_become_rules() -> None:
    made = rules(Settings(hosts="a.example, b.example", origins="https://x.example", upload_limit=2, rate="5/second"))
    assert made == Rules(
        hosts=("a.example", "b.example"), origins=("https://x.example",), largest_upload=2 * 2**20, rate="5/second"
    )


def test_a_proxy_that_is_no_address_is_told() -> None:
    with pytest.raises(WhenceError, match=r"'proxy\.example'"):
        rules(Settings(trusted_proxies="127.0.0.1,proxy.example"))


@pytest.mark.parametrize("entry", ["press", "press=", "=x", "a/b=x", "press=x,press=y"])
def test_a_collection_without_name_or_folder_is_told(entry: str) -> None:
    with pytest.raises(WhenceError, match="wants name=folder"):
        collections(Settings(collections=entry))
