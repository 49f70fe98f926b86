"use strict";

// What stands beside the diagram: the ledgers at the cursor, B at the cursor, and why.

/** An HTML element with a class, and text or children. Text is never markup. */
function html(name, className = "", ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

const NOTES = [["lastTried", "lastTried"], ["nextBal", "nextBal"], ["prevVote", "prevVote"]];
const DECREES_SHOWN = 4;
const BALLOTS_SHOWN = 8;

/** Draws every priest's ledger and slip, as they stood at the cursor. */
function drawLedgers(host, run, cursor, view) {
  const acting = run.events[cursor].c;
  const many = run.history.desks.some((desk) => desk.front.length > 1);
  host.replaceChildren(...run.priests.map((name, column) => {
    // In a mortal's view another's ledger stands as the mortal last heard of it.
    const seen = view.mortal >= 0 && view.past ? view.past[column] : cursor;
    const desk = run.history.desks[column];
    const inside = changeAt(desk.inside, seen)?.[1] ?? false;
    const card = html("section", `ledger${inside ? "" : " out"}${column === acting ? " acting" : ""}${many ? " many" : ""}`);
    card.append(html("h3", "", name, html("small", "", inside ? "" : "out")));
    card.append(drawFront(desk, seen, cursor), drawNotes(desk, seen, cursor));
    const slip = changeAt(desk.slip, seen);
    if (slip?.[1]) card.append(html("div", `paperslip${slip[0] === cursor ? " changed" : ""}`, slip[1]));
    return card;
  }));
}

function drawFront(desk, seen, cursor) {
  const front = html("div", "front");
  const inked = desk.front.filter(([event]) => event <= seen).sort((a, b) => a[1] - b[1]);
  if (inked.length === 0) front.append(html("div", "blank", "no decree yet"));
  if (inked.length > DECREES_SHOWN) front.append(html("div", "blank", `${inked.length} decrees, the last of them:`));
  // The decree inked at this very step is shown, however far back it fills a gap.
  const shown = inked.filter(([event], index) => event === cursor || index >= inked.length - DECREES_SHOWN);
  for (const [event, number, decree] of shown) {
    front.append(html("div", event === cursor ? "changed" : "", `${number} ${decree}`));
  }
  return front;
}

function drawNotes(desk, seen, cursor) {
  const notes = html("dl");
  for (const [key, name] of NOTES) {
    const change = changeAt(desk[key], seen);
    const blank = key === "prevVote" ? "null" : "−∞";
    notes.append(html("dt", "", name), html("dd", change?.[0] === cursor ? "changed" : "", change?.[1] ?? blank));
  }
  return notes;
}

/** Draws B at the cursor, as Figure 1 does: voters boxed, the conditions ticked. */
function drawGods(host, run, cursor, view) {
  const known = run.history.ballots.filter((ballot) => ballot.since <= cursor && (!view.decree || ballot.number === view.decree));
  const shown = known.slice(-BALLOTS_SHOWN);
  const many = run.history.ballots.some((ballot) => ballot.number > 1);
  const head = html("tr", "", ...(many ? [html("th", "", "no.")] : []),
    html("th", "", "ballot"), html("th", "", "decree"), html("th", "", "quorum and voters"),
    ...run.priests.slice(1).map(() => html("th")), html("th"));
  const rows = shown.map((ballot) => drawBallot(run, ballot, cursor, many));
  const heading = html("h2", "", "B, as the gods see it");
  const table = html("table", "", html("thead", "", head), html("tbody", "", ...rows));
  const earlier = known.length - shown.length;
  host.replaceChildren(heading, drawConditions(run, cursor), html("small", "", earlier > 0 ? `${earlier} earlier ballots not shown` : ""), html("div", "rolled", table));
  host.lastChild.scrollTop = host.lastChild.scrollHeight;
}

const SIGNS_OF = new Map([[true, ["kept", "✓"]], [false, ["broken", "✗"]], [null, ["unknown", "?"]]]);

/** Draws how the auditor judges the ballots begun by the cursor. */
function drawConditions(run, cursor) {
  const verdict = changeAt(run.history.verdicts, cursor)?.[1] ?? { b1: true, b2: true, b3: true };
  const line = html("span", "conditions");
  for (const condition of ["b1", "b2", "b3"]) {
    const [kind, sign] = SIGNS_OF.get(verdict[condition]);
    line.append(html("span", kind, `${condition.toUpperCase()} ${sign}  `));
  }
  return line;
}

function drawBallot(run, ballot, cursor, many) {
  const hue = run.ballotsMet.get(ballot.ballot) ?? "b-";
  const voted = new Set(ballot.votes.filter(([event]) => event <= cursor).map(([, column]) => column));
  const done = ballot.successful !== null && ballot.successful <= cursor;
  const row = html("tr", `${hue}${done ? " successful" : ""}`);
  if (many) row.append(html("td", "", String(ballot.number)));
  row.append(html("td", "number", ballot.ballot), html("td", "decree", ballot.decree));
  run.priests.forEach((name, column) => {
    const cell = html("td");
    if (ballot.quorum.includes(column) || voted.has(column)) {
      cell.append(html("span", `who${voted.has(column) ? " voted" : ""}`, name));
    }
    row.append(cell);
  });
  row.append(html("td", "", done ? "successful" : "open"));
  return row;
}

/** Says why, in the words of the list of steps. */
function drawWhy(host, step) {
  const take = (selector) => step.querySelector(selector)?.textContent ?? "";
  const row = step.querySelector("code");
  host.classList.toggle("accused", step.classList.contains("accused"));
  host.querySelector(".section").textContent = take(".section") || "ours";
  host.querySelector(".sentence").textContent = take(".sentence");
  host.querySelector(".fault").textContent = [...step.querySelectorAll(".fault")].map((fault) => fault.textContent).join(" ");
  host.querySelector(".row").textContent = `${row.title}  ${row.textContent}`;
}

const LEGEND = [
  ["thin", "NextBallot"], ["thin dashed", "LastVote"], ["thick", "BeginBallot"],
  ["thick dashed", "Voted"], ["dotted", "Success"], ["refusal", "Refused"], ["talk", "Presence, Inquiry"],
];

/** Draws what each line and sign means. */
function drawLegend(host) {
  const lines = LEGEND.map(([shape, name], index) => svg("g", { class: `way b- ${shape}`, transform: `translate(${index * 122} 14)` },
    svg("line", { x1: 0, y1: 0, x2: 28, y2: 0 }), svg("text", { class: "quiet", x: 34, y: 4 }, name)));
  const signs = [["ink", "ink"], ["decree", "a decree in the ledger"], ["slip", "slip of paper"], ["accused", "accused by the auditor"]];
  const drawn = signs.map(([sign, name], index) => svg("g", { class: "b-", transform: `translate(${index * 170 + 12} 40)` },
    SIGNS[sign](0, 0), svg("text", { class: "quiet", x: 20, y: 4 }, name)));
  const more = svg("text", { class: "quiet", x: 700, y: 44 }, "✕ lost   ○ ignored   ◦ repeated   ╱╱ out of the Chamber");
  host.append(svg("svg", { viewBox: "0 0 1040 60", width: 1040, height: 60 }, ...lines, ...drawn, more));
}
