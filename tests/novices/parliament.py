"""A legislator: decree after decree, one promise for all numbers (docs/novice.md, the second level)."""
import json
import sys

OLIVE_DAY = "The ides of February is national olive day"


def number(ballot):
    """A ballot number as something that compares: by integer, then by name. §2.2"""
    if ballot is None:
        return (-1, "")
    integer, owner = ballot.split(".", 1)
    return (int(integer), owner)


def named(row):
    """The decree of a row, letter or event, with the id of its petition if it has one."""
    return {key: row[key] for key in ("decree", "petition") if row.get(key) is not None}


def act(asked):
    you, members, alpha, event = asked["you"], asked["members"], asked["alpha"], asked["event"]
    slip, ink, send = asked["slip"], [], []
    last_tried = next_bal = None
    votes, passed = {}, {}
    for row in asked["ledger"]:
        if row["entry"] == "lastTried":
            last_tried = row["ballot"]
        elif row["entry"] == "nextBal":
            next_bal = row["ballot"]
        elif row["entry"] == "prevVote":
            votes[row["number"]] = row
        elif row["entry"] == "outcome":
            passed[row["number"]] = row
    complete = 0
    while complete + 1 in passed:
        complete += 1

    def majority(names):
        return 2 * sum(members[name] for name in names) > sum(members.values())

    def letter(to, message, **fields):
        send.append({"to": to, "letter": {"message": message, **fields}})

    def begin(nth, decree):
        """Begins his ballot on number nth. §2.3 (3)"""
        ink.append({"entry": "beginBallot", "number": nth, "ballot": last_tried,
                    "quorum": slip["quorum"], **decree})
        slip["polls"][str(nth)] = {"decree": decree, "voters": []}
        for other in slip["quorum"]:
            letter(other, "BeginBallot", number=nth, ballot=last_tried, **decree)

    def tell(to, above):
        """Tells the decrees above this number that he knows. §3.1"""
        for nth in sorted(passed):
            if nth > above and to != you:
                letter(to, "Success", number=nth, **named(passed[nth]))

    if event["event"] == "try":                                             # §2.3 (1)
        if number(event["ballot"]) > number(last_tried):
            ink.append({"entry": "lastTried", "ballot": event["ballot"]})
            slip = {"status": "trying", "replies": {}}
            for other in members:
                letter(other, "NextBallot", ballot=event["ballot"], number=complete)

    elif event["event"] == "begin" and slip:                                # §2.3 (3), §3.1
        if slip["status"] == "trying":
            whole = {name: reply["votes"] for name, reply in slip["replies"].items()
                     if len(reply["votes"]) == reply["of"]}
            if majority(whole):
                bound = {}
                for reply in whole.values():
                    for nth, vote in reply.items():
                        if number(vote["vote"]) > number(bound.get(int(nth), {}).get("vote")):
                            bound[int(nth)] = vote
                slip = {"status": "presiding", "quorum": sorted(whole), "polls": {},
                        "bound": {str(nth): named(vote) for nth, vote in bound.items()},
                        "last": max([0, *bound, *passed]), "next": complete + 1}
        if slip["status"] == "presiding":
            wish, gap = named(event), {"decree": OLIVE_DAY}
            while slip["next"] <= complete + alpha:
                nth = slip["next"]
                slip["next"] += 1
                if nth in passed:
                    continue
                if nth <= max([slip["last"], *passed]):
                    begin(nth, slip["bound"].get(str(nth), gap))
                else:
                    if wish in [*slip["bound"].values(), *map(named, passed.values())]:
                        slip["next"] -= 1
                    else:
                        slip["bound"][str(nth)] = wish
                        begin(nth, wish)
                    break

    elif event["event"] == "read":
        sender, read = event["from"], event["letter"]
        kind, ballot, nth = read["message"], read.get("ballot"), read.get("number")
        if kind == "NextBallot":                                            # §2.3 (2)
            if number(ballot) > number(next_bal):
                ink.append({"entry": "nextBal", "ballot": ballot})
                told = [vote for of, vote in sorted(votes.items()) if of > nth]
                for vote in told:
                    letter(sender, "LastVote", ballot=ballot, number=vote["number"],
                           vote=vote["ballot"], of=len(told), **named(vote))
                if not told:
                    letter(sender, "LastVote", ballot=ballot, of=0)
                tell(sender, nth)
        elif kind == "LastVote":                                            # §2.3 (3)
            if ballot == last_tried and slip and slip["status"] == "trying":
                reply = slip["replies"].setdefault(sender, {"of": read["of"], "votes": {}})
                if reply["of"] != read["of"]:
                    reply.update(of=read["of"], votes={})
                if nth is not None:
                    reply["votes"][str(nth)] = {"vote": read["vote"], **named(read)}
        elif kind == "BeginBallot":                                         # §2.3 (4)
            if nth in passed:
                if sender != you:
                    letter(sender, "Success", number=nth, **named(passed[nth]))
            elif ballot == next_bal and number(ballot) > number(votes.get(nth, {}).get("ballot")):
                ink.append({"entry": "prevVote", "number": nth, "ballot": ballot, **named(read)})
                letter(sender, "Voted", ballot=ballot, number=nth)
        elif kind == "Voted":                                               # §2.3 (5)
            presides = ballot == last_tried and slip and slip["status"] == "presiding"
            poll = slip["polls"].get(str(nth)) if presides else None
            if poll:
                poll["voters"] = sorted({*poll["voters"], sender})
                if set(slip["quorum"]) <= set(poll["voters"]):
                    del slip["polls"][str(nth)]
                    if nth not in passed:
                        ink.append({"entry": "outcome", "number": nth, "ballot": ballot,
                                    **poll["decree"]})
                    for other in members:
                        if other != you:
                            letter(other, "Success", number=nth, ballot=ballot, **poll["decree"])
        elif kind == "Success":                                             # §2.3 (6)
            if nth not in passed:
                ink.append({"entry": "outcome", "number": nth, "ballot": ballot, **named(read)})
        elif kind in ("Presence", "Inquiry"):                               # §3.1, catching up
            tell(sender, nth)

    return {"ink": ink, "slip": slip, "send": send}


for line in sys.stdin:
    print(json.dumps(act(json.loads(line))), flush=True)
