"""A priest of the Synod. Its guards are missing: docs/novice.md has them.

parliament examine --novice "python3 novice.py"
"""
import json
import sys


def number(ballot):
    """A ballot number as something that compares: by integer, then by name. §2.2"""
    if ballot is None:
        return (-1, "")
    integer, owner = ballot.split(".", 1)
    return (int(integer), owner)


def act(you, members, ledger, slip, event):
    """What he inks, what is on his slip from now on, and what he sends."""
    notes = {row["entry"]: row for row in ledger}
    last_tried = notes.get("lastTried", {}).get("ballot")
    next_bal = notes.get("nextBal", {}).get("ballot")
    prev_vote = notes.get("prevVote")       # with its fields ballot and decree
    outcome = notes.get("outcome")
    ink, send = [], []

    if event["event"] == "try":                                         # §2.3 (1)
        pass        # TODO: ink lastTried, send NextBallot to all members

    elif event["event"] == "begin":                                     # §2.3 (3)
        pass        # TODO: if a majority replied, ink and send BeginBallot

    elif event["event"] == "read":
        sender, letter = event["from"], event["letter"]
        kind, ballot = letter["message"], letter.get("ballot")

        if kind == "NextBallot":                                        # §2.3 (2)
            # TODO: which ballots may he promise? (number() compares them)
            ink.append({"entry": "nextBal", "ballot": ballot})
            reply = {"message": "LastVote", "ballot": ballot}
            if prev_vote:
                reply["vote"] = prev_vote["ballot"]
                reply["decree"] = prev_vote["decree"]
            send.append({"to": sender, "letter": reply})

        elif kind == "LastVote":                                        # §2.3 (3)
            pass    # TODO: note on the slip who replied, and his vote

        elif kind == "BeginBallot":                                     # §2.3 (4)
            # TODO: in which ballots may he vote?
            vote = {"entry": "prevVote", "ballot": ballot, "decree": letter["decree"]}
            ink.append(vote)
            send.append({"to": sender, "letter": {"message": "Voted", "ballot": ballot}})

        elif kind == "Voted":                                           # §2.3 (5)
            pass    # TODO: when all of the quorum voted, ink outcome, send Success

        elif kind == "Success":                                         # §2.3 (6)
            # TODO: what if there is an outcome already?
            ink.append({"entry": "outcome", "ballot": ballot, "decree": letter["decree"]})

    return ink, slip, send


for line in sys.stdin:
    asked = json.loads(line)
    ink, slip, send = act(asked["you"], asked["members"], asked["ledger"],
                          asked["slip"], asked["event"])
    print(json.dumps({"ink": ink, "slip": slip, "send": send}), flush=True)
