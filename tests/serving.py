"""A service on this machine for as long as a test runs."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fakes import CountingEncoder
from starlette.types import ASGIApp

from assistant import Assistant
from index import Index

ARTICLES = [
    {
        "id": "light-1", "title": "Swing bridge is shut", "outlet": "Harbour Light", "published": "2024-05-30",
        "url": "https://light.example/bridge",
        "text": "The swing bridge at Millport was shut on Thursday after divers found cracks in two bearings."
        " Harbour master Ines Calder said the repairs would take 9 weeks.",
    },
    {
        "id": "notes/2", "title": "Ferries carry the cars", "outlet": "Estuary Notes", "published": "2024-06-02",
        "text": "Two ferries carry the cars of Millport while the swing bridge is repaired, Harbour Light reported."
        " See [our map](http://evil.example/x.png) <b>now</b>.",
    },
    {"id": "undated-3", "title": "On crabs", "text": "Crabs cross the mud at low tide, and nobody counts them."},
]  # fmt: skip


@contextmanager
def collection(folder: Path) -> Iterator[Assistant]:
    """An assistant over the articles above."""
    file = folder / "articles.jsonl"
    file.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES))
    with Index.open(folder / "news", CountingEncoder()) as news:
        news.add([file])
        yield Assistant(news)


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """The address at which the application is served."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
