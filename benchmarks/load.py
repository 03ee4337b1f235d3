"""How the service bears many users: 32, each asking every 5 s, over the 1,008 news articles, without a language model.

Phases, each against a real `whence serve` on this machine: quiet; while 1,000 articles go in by a job; among rude
clients (uploads that never end, connections that break off); killed under load while a job runs, and started again.
An answer is torn when a quote is not, to the character, what stands at its span; it is another when its text is neither
that of the same question asked alone before the phase nor after it (articles that go in change how rare a word is, and
so now and then what is found: halfway it may be a third); it is hasty when it says that it was found by words alone.
Exits with 1 at any error, torn answer, lost article or finding.

python benchmarks/load.py [--minutes 10] [--users 32] [--index DIR]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from material import ENCODER, news, suite

from index import Index
from index.stores import NO_VECTORS_YET

EVERY = 5.0
"""Seconds from one question of a user to the next."""

LIMIT, SLOWER = 1.0, 2.0
"""What was promised: seconds for 95 of 100 answers; times by which they may be slower while articles go in."""

READY, PAGE = 8.0, 15.0
"""And seconds from a start until a search works, and until the page is there."""

Texts = Mapping[str, str]
"""Articles' texts by id, or answers' by question."""


@dataclass
class Told:
    """What the users of one phase were told."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    torn: int = 0
    hasty: int = 0
    texts: list[tuple[str, str]] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def at(self, share: float) -> float:
        """The seconds within which that share was answered."""
        return sorted(self.seconds)[int(share * (len(self.seconds) - 1))] if self.seconds else float("nan")

    def other(self, *alone: Texts) -> int:
        """How many answers are none of those that their questions got when they were asked alone."""
        return sum(text not in [told[question] for told in alone] for question, text in self.texts)

    def line(self, name: str, *alone: Texts) -> str:
        """The phase as a line of the table."""
        memory = f"{self.memory[0]:5.0f} {self.memory[-1]:5.0f} {max(self.memory):5.0f}" if self.memory else ""
        faults = f"{len(self.errors):>6} {self.torn:>4} {self.hasty:>5} {self.other(*alone):>5}"
        times = f"{self.at(0.5):>6.3f} {self.at(0.95):>6.3f} {max(self.seconds, default=0.0):>6.3f}"
        return f"{name:<8} {len(self.seconds):>7} {faults} {times}  {memory}"


class Service:
    """`whence serve` over a collection, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self.ready = self.page = 0.0
        self._process: subprocess.Popen[str] | None = None

    def start(self, port: int = 0) -> None:
        """Until a search works and the page is there; notes how long both took."""
        environment = {**os.environ, "WHENCE_INDEX": str(self.folder), "HF_HUB_OFFLINE": "1", "WHENCE_MODEL": "",
                       "WHENCE_LOG": "words"}  # fmt: skip
        begun = time.perf_counter()
        command = [sys.executable, "-m", "assistant.cli", "serve", "--port", str(port)]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.url = re.findall(r"http://\S+?(?=/ )", self._process.stdout.readline())[0]
        self.ready = self._until("/readyz", begun)
        self.page = self._until("/", begun)

    def _until(self, path: str, begun: float) -> float:
        while time.perf_counter() - begun < 180:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(self.url + path, timeout=30).status_code == 200:
                    return time.perf_counter() - begun
        raise SystemExit(f"{path} was not there within three minutes")

    def kill(self) -> None:
        """At once, as by a failing power supply."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def end(self) -> int:
        """As a service manager does; its exit status."""
        assert self._process
        self._process.terminate()
        return self._process.wait(60)

    @property
    def memory(self) -> float:
        """MB that the process holds."""
        assert self._process
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


@dataclass(frozen=True)
class Load:
    """Who asks what of a service, and what is right."""

    service: Service
    users: int
    questions: Sequence[str]
    texts: Texts

    async def until(self, done: asyncio.Event, restarted: bool = False) -> Told:
        """Every user asks until it is done; with `restarted`, what a service that is away cannot answer is no error."""
        told = Told()
        async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=None)) as client:
            asking = [self._user(client, number, done, told, restarted) for number in range(self.users)]
            await asyncio.gather(self._watched(done, told, restarted), *asking)
        return told

    async def _user(self, client: httpx.AsyncClient, number: int, done: asyncio.Event, told: Told, away: bool) -> None:
        drawn = random.Random(number)
        await _either(done, number * EVERY / self.users)
        while not done.is_set():
            question, begun = drawn.choice(self.questions), time.perf_counter()
            try:
                reply = await client.post(f"{self.service.url}/api/ask", json={"question": question})
            except httpx.TransportError as error:
                if not away:
                    told.errors.append(repr(error))
            else:
                told.seconds.append(time.perf_counter() - begun)
                self._judge(question, reply, told)
            await _either(done, max(0.0, EVERY - (time.perf_counter() - begun)))

    def _judge(self, question: str, reply: httpx.Response, told: Told) -> None:
        if reply.status_code != 200:
            told.errors.append(f"{reply.status_code} {reply.text[:200]}")
            return
        answer = reply.json()
        told.texts.append((question, answer["text"]))
        told.hasty += NO_VECTORS_YET in answer["notices"]
        told.torn += any(
            cited["quote"] != self.texts[cited["article"]][cited["start"] : cited["end"]]
            for cited in answer["citations"]
        )

    async def _watched(self, done: asyncio.Event, told: Told, away: bool) -> None:
        while not done.is_set() and not away:
            told.memory.append(self.service.memory)
            await _either(done, EVERY)


async def _either(done: asyncio.Event, seconds: float) -> None:
    """That many seconds, or less when it is done before."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(done.wait(), seconds)


# -- the phases ------------------------------------------------------------------------------------------------------


async def quiet(load: Load, minutes: float) -> Told:
    """Nothing but questions."""
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(60 * minutes, done.set)
    return await load.until(done)


async def adding(load: Load, articles: Sequence[dict[str, str]]) -> tuple[Told, float, dict[str, Any]]:
    """While a job takes articles in: what was told, its seconds, and its end."""
    done, begun = asyncio.Event(), time.perf_counter()

    async def job() -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=load.service.url, timeout=90) as client:
            place = (await client.post("/api/jobs", json={"articles": articles})).headers["location"]
            while not (found := (await client.get(place, params={"wait": 30})).json())["ended"]:
                pass
        done.set()
        return dict(found)

    told, ended = await asyncio.gather(load.until(done), job())
    return told, time.perf_counter() - begun, ended


async def rude(load: Load, minutes: float) -> Told:
    """Among a hundred uploads that never end and streams that nobody reads to their end."""
    async with half_open(load.service.url, 100):
        done = asyncio.Event()
        asyncio.get_running_loop().call_later(60 * minutes, done.set)
        told, _ = await asyncio.gather(load.until(done), dropping(load, done))
    return told


@contextlib.asynccontextmanager
async def half_open(url: str, many: int) -> AsyncIterator[None]:
    """Uploads that stay open, half sent."""
    host = url.removeprefix("http://")
    name, port = host.split(":")
    head = f"POST /api/uploads/a.txt HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100000\r\n\r\n".encode()
    opened = [await asyncio.open_connection(name, int(port)) for _ in range(many)]
    for _, writer in opened:
        writer.write(head + b"half of what was announced")
    try:
        yield
    finally:
        for _, writer in opened:
            writer.close()


async def dropping(load: Load, done: asyncio.Event) -> None:
    """Ask for a stream, again and again, and leave at once."""
    host = load.service.url.removeprefix("http://")
    name, port = host.split(":")
    for question in itertools.cycle(load.questions):
        if done.is_set():
            return
        body = json.dumps({"question": question, "stream": True}).encode()
        head = (
            f"POST /api/ask HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        )
        _, writer = await asyncio.open_connection(name, int(port))
        writer.write(head.encode() + b"\r\n\r\n" + body)
        await writer.drain()
        writer.close()
        await _either(done, 0.5)


async def killing(load: Load, articles: Sequence[dict[str, str]]) -> tuple[Told, dict[str, Any]]:
    """Killed while a job runs and users ask; then started again: what was told, and the job's end."""
    done = asyncio.Event()

    async def accident() -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=load.service.url, timeout=90) as client:
            place = (await client.post("/api/jobs", json={"articles": articles})).headers["location"]
            await asyncio.sleep(3)
        port = int(load.service.url.rpartition(":")[2])
        load.service.kill()
        await asyncio.to_thread(load.service.start, port)
        async with httpx.AsyncClient(base_url=load.service.url, timeout=90) as client:
            while not (found := (await client.get(place, params={"wait": 30})).json())["ended"]:
                pass
        done.set()
        return dict(found)

    told, ended = await asyncio.gather(load.until(done, restarted=True), accident())
    return told, ended


# -- what is asked and added -----------------------------------------------------------------------------------------


def invented(first: int, many: int) -> Iterator[dict[str, str]]:
    """Articles of a few sentences about nothing that anybody asks for."""
    drawn = random.Random(first)
    words = "kestrel lichen tannery sluice barley quill mortar pewter hawser gable thistle furrow".split()
    for number in range(first, first + many):
        told = " ".join(
            f"The {drawn.choice(words)} of parish {number}-{part} was weighed against the {drawn.choice(words)}"
            f" and the {drawn.choice(words)}, and the clerk wrote down {drawn.randint(2, 999)} pounds."
            for part in range(12)
        )
        yield {"id": f"parish-{number}", "title": f"Weights of parish {number}", "text": told}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="of the quiet phase (default: 10)")
    parser.add_argument("--users", type=int, default=32, help="who ask at once (default: 32)")
    parser.add_argument("--added", type=int, default=1_000, help="articles that go in meanwhile (default: 1,000)")
    parser.add_argument("--index", type=Path, help="a collection of the news to be copied; else one is made")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "news"
        if options.index:
            shutil.copytree(options.index, folder)
        else:
            with Index.open(folder, encoder=ENCODER) as index:
                index.add([news()])
        service = Service(folder)
        try:
            failed = measured(service, options.users, options.minutes, options.added)
        finally:
            service.kill()
    for what in failed:
        print(f"FAILED: {what}")
    raise SystemExit(bool(failed))


def measured(service: Service, users: int, minutes: float, added: int) -> list[str]:
    """Runs every phase, prints the figures, and names every promise that was not kept."""
    questions = [case.question for case in suite("facts")][:120]
    texts = {one["id"]: one["text"] for one in map(json.loads, news().read_text("utf-8").strip().split("\n"))}
    more = list(invented(0, added + added // 5))
    texts |= {one["id"]: one["text"] for one in more}
    service.start()
    print(f"started: a search after {service.ready:.1f} s, the page after {service.page:.1f} s", flush=True)
    before = alone(service, questions)
    load = Load(service, users, questions, texts)
    print("phase    answers errors torn hasty other median    95%    max  memory (MB: first, last, most)")
    phases = {"quiet": asyncio.run(quiet(load, minutes))}
    print(phases["quiet"].line("quiet", before))
    each = round(60 / EVERY)
    print("memory after each minute, MB:", *(f"{held:.0f}" for held in phases["quiet"].memory[::each]), flush=True)
    phases["adding"], took, job = asyncio.run(adding(load, more[:added]))
    after = alone(service, questions)
    print(phases["adding"].line("adding", before, after), f" {added} articles in {took:.0f} s", flush=True)
    changed = sum(before[question] != after[question] for question in questions)
    print(f"of {len(questions)} questions {changed} have another answer since these articles are in", flush=True)
    phases["rude"] = asyncio.run(rude(load, min(0.5, minutes)))
    print(phases["rude"].line("rude", after), flush=True)
    phases["killed"], again = asyncio.run(killing(load, more[added:]))
    back = f"back after {service.ready:.1f} s, page {service.page:.1f} s"
    print(phases["killed"].line("killed", after, alone(service, questions)), f" {back}", flush=True)
    print(f"answers while articles went in took {slower(phases):.2f} times as long as in quiet, in the median")
    held = httpx.get(f"{service.url}/api/status", timeout=60).json()["articles"]
    status = service.end()
    with Index.open(service.folder, encoder=ENCODER) as index:
        findings = index.verify()
    return list(broken(phases, job, again, service, findings, held - len(texts), status))


def alone(service: Service, questions: Sequence[str]) -> Texts:
    """What each question is answered with while nobody else asks."""
    with httpx.Client(base_url=service.url, timeout=60) as client:
        return {q: client.post("/api/ask", json={"question": q}).json()["text"] for q in questions}


def slower(phases: Mapping[str, Told]) -> float:
    """How many times longer answers took while articles went in than in quiet, in the median."""
    return statistics.median(phases["adding"].seconds) / statistics.median(phases["quiet"].seconds)


def broken(
    phases: Mapping[str, Told], job: dict[str, Any], again: dict[str, Any], service: Service,
    findings: Sequence[object], missing: int, status: int,
) -> Iterator[str]:  # fmt: skip
    """The promises that were not kept."""
    for name, told in phases.items():
        if told.errors or told.torn:
            yield f"{name}: {len(told.errors)} errors, {told.torn} torn; {told.errors[:1]}"
    if phases["quiet"].at(0.95) > LIMIT:
        yield f"quiet: 95 of 100 answers within {phases['quiet'].at(0.95):.2f} s; promised: {LIMIT:g} s"
    if slower(phases) > SLOWER:
        yield f"adding: answers {slower(phases):.1f} times slower; promised: {SLOWER:g}"
    if service.ready > READY or service.page > PAGE:
        yield f"killed: back after {service.ready:.1f} and {service.page:.1f} s; promised: {READY:g} and {PAGE:g}"
    if {job["state"], again["state"]} != {"done"} or missing or findings or status:
        yield f"jobs {job['state']}, {again['state']}; {missing} articles missing; {findings}; exit status {status}"


if __name__ == "__main__":
    main()
