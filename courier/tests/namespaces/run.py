#!/usr/bin/env python3
"""Three machines of one Parliament, each in a network namespace of its own. Needs root and Linux.

    cargo build --locked -p part-time-parliament -p parliament-courier
    sudo python3 courier/tests/namespaces/run.py target/debug
    sudo python3 courier/tests/namespaces/run.py target/debug --soak 600
    sudo python3 courier/tests/namespaces/run.py target/release --figures 50

Founds, joins, and passes decrees; cuts off each machine; kills each; moves one to another address;
forges; joins twice under one name; changes a key and takes it back; and judges the union of the
ledgers. With --soak it then does faults by chance for this many seconds; with --figures it measures
with this many decrees. Exit code 1: something did not hold."""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from strait import Strait, run

MINUTE = "100ms"
MACHINES = {"hill": "Ada", "harbour": "Ben", "isle": "Cid"}


class Machine:
    """A directory, a namespace, and the priest who lives there."""

    def __init__(self, sea, name, priest, number):
        self.sea, self.name, self.priest = sea, name, priest
        self.space = f"{sea.prefix}-{name}"
        self.root = sea.root / name
        self.root.mkdir()
        self.address = None
        self.sitting = None
        self.number = number

    def command(self, *arguments):
        parliament = [str(self.sea.binaries / "parliament"), "--chamber", str(self.root)]
        return ["ip", "netns", "exec", self.space, *parliament, *map(str, arguments)]

    def ask(self, *arguments, within=90):
        """Runs a command to its end: its exit code, and what it printed."""
        try:
            ended = subprocess.run(
                self.command(*arguments),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=within,
            )
            return ended.returncode, ended.stdout
        except subprocess.TimeoutExpired:
            return None, ""

    def moves_to(self, address):
        if self.address:
            run("ip", "-n", self.space, "addr", "del", f"{self.address}/16", "dev", "sea0")
        run("ip", "-n", self.space, "addr", "add", f"{address}/16", "dev", "sea0")
        # As on most machines: what is sent to all, for mDNS, has a way out.
        run("ip", "-n", self.space, "route", "replace", "default", "dev", "sea0")
        self.address = address

    def sit(self):
        log = open(self.sea.root / f"{self.name}.log", "ab")
        self.sitting = subprocess.Popen(
            self.command("priest", self.priest, "--sea", "--minute", MINUTE),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def kill(self):
        """The machine loses its power as far as processes go: priest and courier at once."""
        if self.sitting:
            os.killpg(self.sitting.pid, signal.SIGKILL)
            self.sitting.wait()
            self.sitting = None

    def outcomes(self):
        """The rows of decrees in the ledger here, and in those that were archived."""
        rows = []
        for ledger in (self.root / "ledgers").rglob(f"{self.priest}*.csv"):
            rows += [row for row in ledger.read_text().splitlines() if row.startswith("outcome,")]
        return "\n".join(rows)

    def has(self, decree):
        return f",{decree}," in self.outcomes()


class Sea:
    def __init__(self, binaries):
        self.binaries = binaries.resolve()
        self.prefix = f"sea{os.getpid()}"
        self.root = Path(tempfile.mkdtemp(prefix="parliament-sea-"))
        self.spaces = [f"{self.prefix}-{name}" for name in [*MACHINES, "lair"]]
        for space in self.spaces:
            run("ip", "netns", "add", space)
        self.strait = Strait(self.spaces)
        self.all = [Machine(self, *it, i) for i, it in enumerate(MACHINES.items())]
        self.lair = Machine(self, "lair", "Ben", 9)
        for machine in [*self.all, self.lair]:
            machine.moves_to(f"10.77.0.{machine.number + 1}")
        self.asked, self.acknowledged, self.broken = 0, [], []

    def holds(self, what, is_so, more=""):
        print(f"{'✓' if is_so else '✗'} {what}", flush=True)
        if not is_so:
            self.broken.append(what)
            print(more, flush=True)

    def until(self, what, is_so, within=60):
        began = time.monotonic()
        while not (holds := is_so()) and time.monotonic() - began < within:
            time.sleep(0.1)
        self.holds(f"{what} ({time.monotonic() - began:.1f} s)", holds)

    def passes(self, machine, within="60s"):
        """Asks here for a new decree: the decree, if it was said that it has passed."""
        self.asked += 1
        decree = f"The olive tax of year {self.asked} is 3"
        code, _ = machine.ask("petition", "--minute", MINUTE, "--within", within, decree)
        if code == 0:
            self.acknowledged.append(decree)
        return decree if code == 0 else None

    def others(self, machine):
        return [it for it in self.all if it is not machine]

    def all_have(self, what, decree):
        self.until(what, lambda: decree and all(it.has(decree) for it in self.all))

    def close(self, keeps):
        for machine in self.all:
            machine.kill()
        self.strait.close()
        for space in self.spaces:
            run("ip", "netns", "del", space)
        if keeps:
            print(f"The directories are kept: {self.root}")
        else:
            shutil.rmtree(self.root)


def founds(sea):
    hill, *others = sea.all
    priests = ",".join(MACHINES.values())
    code, told = hill.ask("sea", "found", "--priests", priests, "--here", "Ada", "--machine", "hill")
    ticket = next((it for it in told.split() if it.startswith("PARLIAMENT1-")), "")
    sea.holds("hill founds, and prints a ticket", code == 0 and ticket, told)
    hill.sit()
    for machine in others:
        code, told = machine.ask("sea", "join", ticket, "--as", machine.priest, "--machine", machine.name)
        sea.holds(f"{machine.name} joins as {machine.priest}", code == 0, told)
        machine.sit()
    sea.lair.ask("sea", "join", ticket, "--as", "Ben", "--machine", "lair")
    code, told = sea.lair.ask("sea", "join", ticket, "--as", "Ben", "--machine", "lair")
    sea.holds("who joins as Ben too is refused", code == 2 and "came before" in told, told)
    sea.holds("and has no ledger", not list((sea.lair.root).glob("ledgers/Ben.csv")))
    for machine in sea.all:
        sea.all_have(f"a decree from {machine.name} stands everywhere", sea.passes(machine))


def cuts_each(sea):
    for machine in sea.all:
        sea.strait.cut(machine.space)
        began = time.monotonic()
        decree = sea.passes(sea.others(machine)[0])
        took = time.monotonic() - began
        sea.holds(f"{machine.name} is cut off, and the others pass one ({took:.1f} s)", decree)
        sea.holds(f"{machine.name} lacks it", not machine.has(decree))
        sea.strait.heal()
        sea.until(f"{machine.name} learns it when the cut is healed", lambda: machine.has(decree))
    for machine in sea.all:
        sea.all_have(f"{machine.name} passes a decree again", sea.passes(machine))


def kills_each(sea):
    for machine in sea.all:
        machine.kill()
        decree = sea.passes(sea.others(machine)[0])
        sea.holds(f"{machine.name} is killed, and the others pass one", decree)
        machine.sit()
        sea.until(f"{machine.name} learns it when it is back", lambda: machine.has(decree))


def readdresses(sea):
    isle = sea.all[2]
    isle.moves_to("10.77.9.9")
    sea.until(
        "isle has another address, and is heard there",
        lambda: "10.77.9.9" in (sea.all[0].root / "sea/machines.csv").read_text(),
    )
    sea.all_have("isle passes a decree from there", sea.passes(isle))
    # One is away while all move, itself too: nobody knows any address that is right.
    hill, harbour, isle = sea.all
    harbour.kill()
    for machine in sea.all:
        machine.moves_to(f"10.77.20.{machine.number + 1}")
    decree = sea.passes(hill)
    harbour.sit()
    sea.until("all have moved, and harbour is found by mDNS", lambda: decree and harbour.has(decree))


def refused(machine, by):
    """How many rows of a machine another one refused."""
    for line in (by.root / "sea/heard.csv").read_text().splitlines():
        fields = line.split(",")
        if fields[0] == machine.name:
            return int(fields[6])
    return 0


def strangers(by):
    """How many connections it turned away, since their key is on no list."""
    for line in (by.root / "sea/heard.csv").read_text().splitlines():
        if line.startswith("no machine,"):
            return int(line.split(",")[6])
    return 0


def forges(sea):
    hill, harbour, isle = sea.all
    before = refused(isle, harbour)
    rows = (isle.root / "messagebooks/Cid.csv").read_text().splitlines()
    # Petitions may come from any machine.
    ballots = [row for row in rows if row.startswith("Ada,") and ",Petition," not in row]
    with open(isle.root / "messagebooks/Ben.csv", "a") as outbox:
        outbox.write("".join(f"{row}\n" for row in ballots[-5:]))
    sea.until(
        f"harbour refuses {len(ballots[-5:])} rows of Ada's that isle sends",
        lambda: ballots and refused(isle, harbour) - before == len(ballots[-5:]),
    )
    # One who has all that is public of isle, and a key of his own.
    lair = sea.lair
    shutil.rmtree(lair.root / "sea", ignore_errors=True)
    shutil.copytree(isle.root, lair.root, dirs_exist_ok=True)
    key = lair.root / "sea/key"
    key.write_text(key.read_text()[:-3] + ("00\n" if key.read_text()[-3:] != "00\n" else "11\n"))
    before = strangers(hill)
    lair.ask("sea", "carry", within=8)
    sea.until("a machine whose key is on no list is turned away", lambda: strangers(hill) > before)


def rekeys(sea):
    hill, harbour, isle = sea.all
    key = isle.root / "sea/key"
    before = key.read_text()
    _, told = isle.ask("sea", "rekey")
    decree = told.strip().splitlines()[-1].split('"')[1]
    code, _ = harbour.ask("petition", "--minute", MINUTE, "--within", "60s", decree)
    sea.holds("a decree gives isle another key", code == 0, told)
    sea.until("isle takes it", lambda: key.read_text() != before)
    hill.kill()
    sea.holds("harbour and isle pass one with it", sea.passes(harbour))
    hill.sit()
    sea.all_have("isle passes a decree with it", sea.passes(isle))
    ask = ["petition", "--minute", MINUTE, "--within", "60s"]
    code, _ = hill.ask(*ask, "The key of isle is void")
    sea.holds("a decree takes it back", code == 0)
    know = lambda it: "no key" in it.ask("sea", "who")[1]
    sea.until("hill and harbour know it", lambda: know(hill) and know(harbour))
    time.sleep(1)  # a courier reads the law twice a second
    lacks = sea.passes(hill)
    sea.holds("isle hears nothing any more", lacks and not isle.has(lacks))
    _, told = isle.ask("sea", "rekey")
    code, _ = hill.ask(*ask, told.strip().splitlines()[-1].split('"')[1])
    sea.holds("hill and harbour give it a new one", code == 0, told)
    isle.kill()
    # It cannot hear of that decree before.
    isle.ask("sea", "rekey", "--now")
    isle.sit()
    sea.until("and isle learns all with it", lambda: isle.has(lacks))


def faults_by_chance(sea, seconds):
    """One after the other: a machine is cut off, killed, or moved; two are killed at once, so that
    nothing can pass; frames are late and lost. The Parliament is asked during each."""
    counts = {"cut": 0, "kill": 0, "double kill": 0, "move": 0, "storm": 0}
    end, asked, passed = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        fault, machine = random.choice(list(counts)), random.choice(sea.all)
        second = random.choice(sea.others(machine))
        counts[fault] += 1
        if fault == "cut":
            sea.strait.cut(machine.space)
        elif fault in ("kill", "double kill"):
            machine.kill()
            if fault == "double kill":
                second.kill()
        elif fault == "move":
            machine.moves_to(f"10.77.{random.randrange(1, 250)}.{machine.number + 1}")
        else:
            sea.strait.delay, sea.strait.jitter, sea.strait.loss = 20.0, 10.0, 0.1
        for _ in range(random.randrange(1, 4)):
            asked += 1
            passed += bool(sea.passes(random.choice(sea.others(machine)), within="3s"))
        sea.strait.heal()
        sea.strait.delay = sea.strait.jitter = sea.strait.loss = 0.0
        for killed in (it for it in sea.all if not it.sitting):
            killed.sit()
    told = ", ".join(f"{fault} {n}" for fault, n in counts.items())
    print(f"  {sum(counts.values())} faults ({told}); {passed} of {asked} were said to have passed within 3 s")


ROUND_TRIP = 0.040


def times(sea, decrees):
    """How long petitions take from each machine: half of them, and nine tenths, take no longer."""
    for machine in sea.all:
        took = []
        for _ in range(decrees):
            began = time.monotonic()
            if sea.passes(machine):
                took.append(time.monotonic() - began)
        took.sort()
        half, most = took[len(took) // 2], took[len(took) * 9 // 10]
        yield machine, half, most


def figures(sea, decrees):
    """How long decrees take, calm and in a storm; how soon a cut heals; what idle couriers cost."""
    for machine in sea.all:
        sea.passes(machine)
    calm = {machine: half for machine, half, _ in times(sea, decrees)}
    sea.strait.delay, sea.strait.jitter, sea.strait.loss = 20.0, 10.0, 0.1
    for machine, half, most in times(sea, decrees):
        trips = (half - calm[machine]) / ROUND_TRIP
        print(
            f"  from {machine.name}: calm {calm[machine] * 1000:.0f} ms, the command's start included; "
            f"20 ± 10 ms and 10 % loss {half * 1000:.0f} ms (90 %: {most * 1000:.0f} ms), "
            f"{trips:.1f} round trips more"
        )
    sea.strait.delay = sea.strait.jitter = sea.strait.loss = 0.0
    isle = sea.all[2]
    sea.strait.cut(isle.space)
    end = time.monotonic() + 15
    while time.monotonic() < end:
        decree = sea.passes(sea.all[0])
    sea.strait.heal()
    sea.until("after a cut of 15 s isle has all", lambda: decree and isle.has(decree))
    before = costs()
    time.sleep(20)
    for courier, ticks in costs().items():
        share = (ticks - before.get(courier, ticks)) / os.sysconf("SC_CLK_TCK") / 20
        print(f"  an idle courier takes {share:.2%} of a core")


def costs():
    """The ticks that each courier has taken."""
    spent = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue
        name, rest = text.rsplit(")", 1)
        if name.endswith("(parliament-sea"):
            fields = rest.split()
            spent[status.parent.name] = int(fields[11]) + int(fields[12])
    return spent


def judges(sea):
    last = sea.passes(sea.all[0])
    sea.all_have("all have the last decree", last)
    for machine in sea.all:
        lacks = [it for it in sea.acknowledged if not machine.has(it)]
        sea.holds(f"{machine.name} has all {len(sea.acknowledged)} decrees that were said to have passed", not lacks, str(lacks))
    for machine in sea.all:
        machine.kill()
    hill, *others = sea.all
    union = [part for it in others for part in ("--with", it.root)]
    code, told = hill.ask("audit", *union, within=600)
    sea.holds("the judge of all three directories finds nothing broken", code == 0, told)
    print("  " + told.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("binaries", type=Path, help="where parliament and parliament-sea lie")
    parser.add_argument("--soak", type=int, default=0, metavar="SECONDS")
    parser.add_argument("--figures", type=int, default=0, metavar="DECREES")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--keep", action="store_true", help="keep the directories")
    asked = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("network namespaces need root: sudo python3 courier/tests/namespaces/run.py DIR")
    seed = asked.seed if asked.seed is not None else random.randrange(1 << 32)
    random.seed(seed)
    print(f"seed {seed}")
    sea = Sea(asked.binaries)
    try:
        for step in [founds, cuts_each, kills_each, readdresses, forges, rekeys]:
            step(sea)
        if asked.soak:
            faults_by_chance(sea, asked.soak)
        if asked.figures:
            figures(sea, asked.figures)
        judges(sea)
    finally:
        sea.close(asked.keep or bool(sea.broken))
    print(f"{len(sea.broken)} did not hold." if sea.broken else "All holds.")
    sys.exit(bool(sea.broken))


if __name__ == "__main__":
    main()
