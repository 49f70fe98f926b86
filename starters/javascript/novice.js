// A priest of the Synod. Its guards are missing: docs/novice.md has them.
//
// parliament examine --novice "node novice.js"
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

/** What he inks, what is on his slip from now on, and what he sends. */
function act({ you, members, ledger, slip, event }) {
  const notes = Object.fromEntries(ledger.map((row) => [row.entry, row]));
  const lastTried = notes.lastTried?.ballot;
  const nextBal = notes.nextBal?.ballot;
  const prevVote = notes.prevVote; // with its fields ballot and decree
  const outcome = notes.outcome;
  const ink = [];
  const send = [];

  if (event.event === "try") {                                    // §2.3 (1)
    // TODO: ink lastTried, send NextBallot to all members
  } else if (event.event === "begin") {                           // §2.3 (3)
    // TODO: if a majority replied, ink and send BeginBallot
  } else if (event.event === "read") {
    const { from, letter } = event;
    const { message, ballot, decree } = letter;
    if (message === "NextBallot") {                               // §2.3 (2)
      // TODO: which ballots may he promise? (below() compares them)
      ink.push({ entry: "nextBal", ballot });
      const vote = prevVote && { vote: prevVote.ballot, decree: prevVote.decree };
      send.push({ to: from, letter: { message: "LastVote", ballot, ...vote } });
    } else if (message === "LastVote") {                          // §2.3 (3)
      // TODO: note on the slip who replied, and his vote
    } else if (message === "BeginBallot") {                       // §2.3 (4)
      // TODO: in which ballots may he vote?
      ink.push({ entry: "prevVote", ballot, decree });
      send.push({ to: from, letter: { message: "Voted", ballot } });
    } else if (message === "Voted") {                             // §2.3 (5)
      // TODO: when all of the quorum voted, ink outcome, send Success
    } else if (message === "Success") {                           // §2.3 (6)
      // TODO: what if there is an outcome already?
      ink.push({ entry: "outcome", ballot, decree });
    }
  }
  return { ink, slip, send };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(act(JSON.parse(line))) + "\n");
});
