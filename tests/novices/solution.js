// A priest of the Synod: one line of JSON in, one line of JSON out (docs/novice.md).
const readline = require("node:readline");

/** Whether ballot number a is below b: by integer, then by name. §2.2 */
function below(a, b) {
  if (!a || !b) return !a && Boolean(b);
  const [x, y] = [a, b].map((ballot) => {
    const dot = ballot.indexOf(".");
    return [Number(ballot.slice(0, dot)), ballot.slice(dot + 1)];
  });
  return x[0] !== y[0] ? x[0] < y[0] : x[1] < y[1];
}

function act({ you, members, ledger, slip, event }) {
  const notes = Object.fromEntries(ledger.map((row) => [row.entry, row]));
  const lastTried = notes.lastTried?.ballot;
  const nextBal = notes.nextBal?.ballot;
  const prevVote = notes.prevVote;
  const outcome = notes.outcome;
  const ink = [];
  const send = [];
  const nothing = { ink: [], slip, send: [] };
  const weight = (names) => names.reduce((sum, name) => sum + members[name], 0);

  if (event.event === "try") {
    if (!below(lastTried, event.ballot)) return nothing;
    ink.push({ entry: "lastTried", ballot: event.ballot });
    slip = { status: "trying", votes: {} };
    for (const to of Object.keys(members)) {
      send.push({ to, letter: { message: "NextBallot", ballot: event.ballot } });
    }
  } else if (event.event === "begin") {
    const quorum = Object.keys(slip?.votes ?? {}).sort();
    const enough = 2 * weight(quorum) > weight(Object.keys(members));
    if (slip?.status !== "trying" || !enough) return nothing;
    let latest = null;
    for (const vote of Object.values(slip.votes)) {
      if (vote && (!latest || below(latest.ballot, vote.ballot))) latest = vote;
    }
    const decree = latest ? latest.decree : event.decree;
    ink.push({ entry: "beginBallot", ballot: lastTried, decree, quorum });
    slip = { status: "polling", decree, quorum, voters: [] };
    for (const to of quorum) {
      send.push({ to, letter: { message: "BeginBallot", ballot: lastTried, decree } });
    }
  } else if (event.event === "read") {
    const { from, letter } = event;
    const { message, ballot, decree } = letter;
    if (message === "NextBallot") {
      if (!below(nextBal, ballot)) return nothing;
      ink.push({ entry: "nextBal", ballot });
      const vote = prevVote && { vote: prevVote.ballot, decree: prevVote.decree };
      send.push({ to: from, letter: { message: "LastVote", ballot, ...vote } });
    } else if (message === "LastVote") {
      if (ballot !== lastTried || slip?.status !== "trying") return nothing;
      const vote = letter.vote ? { ballot: letter.vote, decree } : null;
      slip = { ...slip, votes: { ...slip.votes, [from]: vote } };
    } else if (message === "BeginBallot") {
      if (ballot !== nextBal || !below(prevVote?.ballot, ballot)) return nothing;
      ink.push({ entry: "prevVote", ballot, decree });
      send.push({ to: from, letter: { message: "Voted", ballot } });
    } else if (message === "Voted") {
      if (ballot !== lastTried || slip?.status !== "polling") return nothing;
      const voters = [...new Set([...slip.voters, from])].sort();
      if (!slip.quorum.every((name) => voters.includes(name))) {
        return { ink, slip: { ...slip, voters }, send };
      }
      if (!outcome) ink.push({ entry: "outcome", ballot, decree: slip.decree });
      for (const to of Object.keys(members).filter((name) => name !== you)) {
        send.push({ to, letter: { message: "Success", ballot, decree: slip.decree } });
      }
      slip = null;
    } else if (message === "Success") {
      if (!outcome) ink.push({ entry: "outcome", ballot, decree });
    }
  }
  return { ink, slip, send };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(act(JSON.parse(line))) + "\n");
});
