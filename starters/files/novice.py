"""A voter of the Synod who works on the files of a chamber himself: his ledger is his memory.

parliament examine --in here --name Gray --novice "python3 novice.py here Gray"
"""
import csv
import os
import sys
import time

ROOT, ME = sys.argv[1:]
LEDGER = f"{ROOT}/ledgers/{ME}.csv"
BOOK = f"{ROOT}/messagebooks/{ME}.csv"


def number(ballot):
    """A ballot number as something that compares: by integer, then by name. §2.2"""
    integer, owner = ballot.split(".", 1)
    return (int(integer), owner)


def write(path, *fields):
    """Adds one row in one write, and waits until it is dry."""
    with open(path, "a", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerow(fields)
        file.flush()
        os.fsync(file.fileno())


def ledger():
    """His last promise, his last vote (ballot and decree), and the outcome."""
    promise, vote, outcome = None, None, None
    with open(LEDGER, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["entry"] == "nextBal":
                promise = row["ballot"]
            elif row["entry"] == "prevVote":
                vote = (row["ballot"], row["decree"])
            elif row["entry"] == "outcome" and row["number"] == "1":
                outcome = row["decree"]
    return promise, vote, outcome


def read(letter):
    promise, vote, outcome = ledger()
    sender, message, ballot = letter["from"], letter["message"], letter["ballot"]
    book = f"{ROOT}/messagebooks/{sender}.csv"
    if message == "NextBallot":                                     # §2.3 (2)
        if promise is None or number(ballot) > number(promise):
            write(LEDGER, "nextBal", "", ballot)
            if vote is None:
                write(book, ME, 1, ballot, "", "LastVote", "", "", 0)
            else:
                write(book, ME, 1, ballot, vote[1], "LastVote", 1, vote[0], 1)
    elif message == "BeginBallot":                                  # §2.3 (4)
        if ballot == promise and (vote is None or number(ballot) > number(vote[0])):
            write(LEDGER, "prevVote", 1, ballot, letter["decree"])
            write(book, ME, 2, ballot, "", "Voted", 1)
    elif message == "Success" and letter["number"] == "1" and outcome is None:  # §2.3 (6)
        write(LEDGER, "outcome", 1, ballot, letter["decree"])


COLUMNS = "from code ballot decree message number vote of petition at".split()
# Letters that came before he entered are lost.
place = os.path.getsize(BOOK) if os.path.exists(BOOK) else 0
while True:
    time.sleep(0.002)
    if not os.path.exists(BOOK):
        continue
    with open(BOOK, "rb") as file:
        file.seek(place)
        whole = file.read().rpartition(b"\n")[0]                    # a row has come with its end
    if whole:
        lines = (line + "\n" for line in whole.decode("utf-8").split("\n"))
        for letter in csv.DictReader(lines, COLUMNS):
            if letter["from"] != "from":
                read(letter)
        place += len(whole) + 1
