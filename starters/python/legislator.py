"""A legislator of the Parliament. His guards are missing: docs/novice.md has them.

parliament examine --novice "python3 legislator.py" --level parliament
"""
import json
import sys


def number(ballot):
    """A ballot number as something that compares: by integer, then by name. §2.2"""
    if ballot is None:
        return (-1, "")
    integer, owner = ballot.split(".", 1)
    return (int(integer), owner)


def named(row):
    """The decree in a row or letter, with the id of its petition if it has one."""
    return {key: row[key] for key in ("decree", "petition") if row.get(key) is not None}


def act(you, members, alpha, ledger, slip, event):
    """What he inks, what is on his slip from now on, and what he sends."""
    last_tried = next_bal = None
    votes, passed = {}, {}                  # by decree number
    for row in ledger:
        if row["entry"] == "lastTried":
            last_tried = row["ballot"]
        elif row["entry"] == "nextBal":     # one promise for every number
            next_bal = row["ballot"]
        elif row["entry"] == "prevVote":    # with its fields ballot, decree, petition
            votes[row["number"]] = row
        elif row["entry"] == "outcome":
            passed[row["number"]] = row
    complete = 0                            # n: he knows all decrees from 1 through n
    while complete + 1 in passed:
        complete += 1
    ink, send = [], []

    def letter(to, message, **fields):
        send.append({"to": to, "letter": {"message": message, **fields}})

    if event["event"] == "try":                                         # §2.3 (1)
        pass        # TODO: ink lastTried, send NextBallot with number=complete to all

    elif event["event"] == "begin":                                     # §2.3 (3), §3.1
        pass        # TODO: if whole replies of a majority are there, begin decrees

    elif event["event"] == "read":
        sender, read = event["from"], event["letter"]
        kind, ballot, nth = read["message"], read.get("ballot"), read.get("number")

        if kind == "NextBallot":                                        # §2.3 (2)
            # TODO: which ballots may he promise? (number() compares them)
            ink.append({"entry": "nextBal", "ballot": ballot})
            told = [votes[of] for of in sorted(votes) if of > nth]
            for vote in told:
                letter(sender, "LastVote", ballot=ballot, number=vote["number"],
                       vote=vote["ballot"], of=len(told), **named(vote))
            if not told:
                letter(sender, "LastVote", ballot=ballot, of=0)
            # TODO: which Success does the asker need?

        elif kind == "LastVote":                                        # §2.3 (3)
            pass    # TODO: note on the slip the rows of each reply, and how many it has

        elif kind == "BeginBallot":                                     # §2.3 (4)
            # TODO: in which ballots may he vote on this number?
            ink.append({"entry": "prevVote", "number": nth, "ballot": ballot, **named(read)})
            letter(sender, "Voted", number=nth, ballot=ballot)

        elif kind == "Voted":                                           # §2.3 (5)
            pass    # TODO: when all of the quorum voted on nth, ink outcome, send Success

        elif kind == "Success":                                         # §2.3 (6)
            # TODO: what if there is an outcome of this number already?
            ink.append({"entry": "outcome", "number": nth, "ballot": ballot, **named(read)})

        elif kind in ("Presence", "Inquiry"):                           # §3.1, catching up
            pass    # TODO: send Success for the decrees above nth that he knows

    return ink, slip, send


for line in sys.stdin:
    asked = json.loads(line)
    ink, slip, send = act(asked["you"], asked["members"], asked["alpha"], asked["ledger"],
                          asked["slip"], asked["event"])
    print(json.dumps({"ink": ink, "slip": slip, "send": send}), flush=True)
