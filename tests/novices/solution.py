"""A priest of the Synod: one line of JSON in, one line of JSON out (docs/novice.md)."""
import json
import sys


def number(ballot):
    """A ballot number as something that compares: by integer, then by name. §2.2"""
    if ballot is None:
        return (-1, "")
    round, owner = ballot.split(".", 1)
    return (int(round), owner)


def act(you, members, ledger, slip, event):
    """What he inks, what is on his slip then, and what he sends."""
    notes = {row["entry"]: row for row in ledger}
    last_tried = notes.get("lastTried", {}).get("ballot")
    next_bal = notes.get("nextBal", {}).get("ballot")
    prev_vote = notes.get("prevVote")
    prev_bal = prev_vote["ballot"] if prev_vote else None
    outcome = notes.get("outcome")
    ink, send = [], []
    nothing = ink, slip, send

    def majority(names):
        return 2 * sum(members[name] for name in names) > sum(members.values())

    def succeed():
        nonlocal slip
        if slip["status"] == "polling" and set(slip["quorum"]) <= set(slip["voters"]):
            decree = slip["decree"]
            if outcome is None:
                ink.append({"entry": "outcome", "ballot": last_tried, "decree": decree})
            for other in members:
                if other != you:
                    letter = {"message": "Success", "ballot": last_tried, "decree": decree}
                    send.append({"to": other, "letter": letter})
            slip = None

    if event["event"] == "try":                                             # §2.3 (1)
        if number(event["ballot"]) <= number(last_tried):
            return nothing
        ink.append({"entry": "lastTried", "ballot": event["ballot"]})
        slip = {"status": "trying", "votes": {}}
        for other in members:
            letter = {"message": "NextBallot", "ballot": event["ballot"]}
            send.append({"to": other, "letter": letter})

    elif event["event"] == "begin":                                         # §2.3 (3)
        if not slip or slip["status"] != "trying" or not majority(slip["votes"]):
            return nothing
        votes = [vote for vote in slip["votes"].values() if vote]
        latest = max(votes, key=lambda vote: number(vote["ballot"]), default=None)
        decree = latest["decree"] if latest else event["decree"]
        quorum = sorted(slip["votes"])
        ink.append({"entry": "beginBallot", "ballot": last_tried, "decree": decree,
                    "quorum": quorum})
        slip = {"status": "polling", "decree": decree, "quorum": quorum, "voters": []}
        for other in quorum:
            letter = {"message": "BeginBallot", "ballot": last_tried, "decree": decree}
            send.append({"to": other, "letter": letter})

    elif event["event"] == "read":
        sender, letter = event["from"], event["letter"]
        kind, ballot = letter["message"], letter.get("ballot")
        if kind == "NextBallot":                                            # §2.3 (2)
            if number(ballot) <= number(next_bal):
                return nothing
            ink.append({"entry": "nextBal", "ballot": ballot})
            reply = {"message": "LastVote", "ballot": ballot}
            if prev_vote:
                reply.update(vote=prev_bal, decree=prev_vote["decree"])
            send.append({"to": sender, "letter": reply})
        elif kind == "LastVote":                                            # §2.3 (3)
            if ballot != last_tried or not slip or slip["status"] != "trying":
                return nothing
            vote = letter.get("vote")
            vote = {"ballot": vote, "decree": letter["decree"]} if vote else None
            slip["votes"][sender] = vote
        elif kind == "BeginBallot":                                         # §2.3 (4)
            if ballot != next_bal or number(ballot) <= number(prev_bal):
                return nothing
            ink.append({"entry": "prevVote", "ballot": ballot, "decree": letter["decree"]})
            send.append({"to": sender, "letter": {"message": "Voted", "ballot": ballot}})
        elif kind == "Voted":                                               # §2.3 (5)
            if ballot != last_tried or not slip or slip["status"] != "polling":
                return nothing
            slip["voters"] = sorted({*slip["voters"], sender})
            succeed()
        elif kind == "Success":                                             # §2.3 (6)
            if outcome is None:
                ink.append({"entry": "outcome", "ballot": ballot, "decree": letter["decree"]})

    return ink, slip, send


for line in sys.stdin:
    asked = json.loads(line)
    ink, slip, send = act(asked["you"], asked["members"], asked["ledger"], asked["slip"],
                          asked["event"])
    print(json.dumps({"ink": ink, "slip": slip, "send": send}), flush=True)
