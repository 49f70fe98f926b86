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
    card.append(html("h2", "", name, html("small", "", inside ? "" : "out")));
    card.append(drawFront(desk, seen, cursor), drawNotes(desk, seen, cursor));
    const slip = changeAt(desk.slip, seen);
    if (slip?.[1]) card.append(html("div", `paperslip${slip[0] === cursor ? " changed" : ""}`, slip[1]));
    return card;
  }));
}

function drawFront(desk, seen, cursor) {
  const front = html("div", "front");
  const inked = desk.front.filter(([event]) => event <= seen).sort((a, b) => a[1] - b[1]);
  const count = inked.length + desk.before;
  if (count === 0) front.append(html("div", "blank", "no decree yet"));
  if (count > Math.min(inked.length, DECREES_SHOWN)) front.append(html("div", "blank", `${count} decrees, the last of them:`));
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
  const voters = html("th", "", "quorum and voters");
  voters.colSpan = run.priests.length;
  const head = html("tr", "", ...(many ? [html("th", "", "no.")] : []),
    html("th", "", "ballot"), html("th", "", "decree"), voters, html("th", "", "it is"));
  const rows = shown.map((ballot) => drawBallot(run, ballot, cursor, many));
  const table = html("table", "", html("thead", "", head), html("tbody", "", ...rows));
  const earlier = known.length - shown.length + run.history.ballots_before;
  const key = html("small", "", html("span", "key", "name"), " has voted; a name without a box is asked to vote", earlier > 0 ? `; ${earlier} earlier ballots not shown` : "");
  const rolled = html("div", "rolled", table);
  rolled.tabIndex = 0;
  rolled.setAttribute("role", "region");
  rolled.setAttribute("aria-label", `The ballots of ${run.source}`);
  host.replaceChildren(html("h2", "", "B, as the gods see it"), drawConditions(run, cursor), key, rolled);
  rolled.scrollTop = rolled.scrollHeight;
}

const VERDICTS = new Map([[true, "kept"], [false, "broken"], [null, "unknown"]]);

/** Draws how the auditor judges the ballots begun by the cursor. */
function drawConditions(run, cursor) {
  const verdict = changeAt(run.history.verdicts, cursor)?.[1] ?? { b1: true, b2: true, b3: true };
  const line = html("span", "conditions");
  for (const condition of ["b1", "b2", "b3"]) {
    const kind = VERDICTS.get(verdict[condition]);
    line.append(html("span", kind, `${condition.toUpperCase()} ${kind}`, icon(kind)));
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
function drawWhy(host, step, phase, note) {
  const take = (selector) => step.querySelector(selector)?.textContent ?? "";
  const row = step.querySelector("code");
  host.classList.toggle("accused", step.classList.contains("accused"));
  host.querySelector(".section").textContent = take(".section") || "ours";
  host.querySelector(".sentence").textContent = take(".sentence");
  host.querySelector(".fault").textContent = [...step.querySelectorAll(".fault")].map((fault) => fault.textContent).join(" ");
  host.querySelector(".phase").textContent = phase ? `in the course of: ${phase}` : "";
  host.querySelector(".note").textContent = note;
  host.querySelector(".row").textContent = `${row.title}  ${row.textContent}`;
}

const LEGEND = [
  ["thin", "NextBallot, NB"], ["thin dashed", "LastVote, LV"], ["thick", "BeginBallot, BB"],
  ["thick dashed", "Voted, V"], ["dotted", "Success, S"], ["refusal", "Refused, R"], ["talk", "talk: Presence, Inquiry, LawBook"], ["petition", "Petition"],
];
const MEANINGS = [["ink", "ink"], ["decree", "a decree in the ledger"], ["slip", "slip of paper changed"], ["enter", "enters"],
  ["leave", "leaves"], ["accused", "accused by the auditor"]];

/** Draws what each line and sign means that is met in these runs. */
function drawLegend(host, runs) {
  const sheets = runs.map((run) => run.sheets[run.sheets.length - 1]);
  const ways = sheets.flatMap((sheet) => sheet.ways);
  const classes = new Set(ways.map((way) => way.class.split(" ").filter((c) => !/^b|^(read|ignored|lost|open|faint)$/.test(c)).join(" ")));
  const signs = new Set(sheets.flatMap((sheet) => sheet.marks.map((mark) => mark[3])));
  const meaning = (drawn, words) => html("span", "", svg("svg", { viewBox: "0 -4 30 32", "aria-hidden": "true" }, drawn), words);
  const line = () => svg("line", { x1: 1, y1: 12, x2: 29, y2: 12 });
  const way = (name, ...drawn) => svg("g", { class: `way b- ${name}` }, ...drawn);
  for (const [shape, name] of LEGEND) if (classes.has(shape)) host.append(meaning(way(shape, line()), name));
  for (const [sign, name] of MEANINGS) {
    if (signs.has(sign)) host.append(meaning(svg("g", { class: "b-" }, SIGNS[sign](15, sign === "enter" ? 25 : 12)), name));
  }
  if (ways.some((it) => it.end === "lost")) host.append(meaning(way("", svg("path", { class: "cross", d: "M10 7l10 10m0 -10l-10 10" })), "lost"));
  if (ways.some((it) => it.end === "ignored")) host.append(meaning(way("ignored", svg("circle", { class: "hollow", cx: 15, cy: 12, r: 4.5 })), "ignored"));
  if (ways.some((it) => it.ring)) host.append(meaning(way("thin", line(), svg("circle", { class: "ring", cx: 15, cy: 12, r: 4 })), "repeated"));
  host.append(meaning(svg("rect", { class: "absence", x: 8, y: 2, width: 14, height: 20 }), "out of the Chamber"));
}
