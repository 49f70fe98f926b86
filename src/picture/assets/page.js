"use strict";

// The page: one cursor for all runs, moved by keys, buttons, clicks and the address.

const data = JSON.parse(document.getElementById("run").textContent);
const byId = (id) => document.getElementById(id);
const stories = [...document.querySelectorAll(".steps")].map((list) => [...list.children]);
const boxes = [...document.querySelectorAll(".run")];
const view = { past: null, mortal: -1, ballot: "", decree: 0, hidesFuture: true };
const STEP_MS = 650;
let cursor = -1;
let active = 0;
let player = 0;
let unfolded = false;
let beforePrint = null;

data.runs.forEach((run) => {
  run.ballotsMet = new Map(run.ballots_met);
  causalPasts(run);
});
document.body.classList.add("hides-future", "leaves-talk-out");
byId("runs").classList.toggle("two", data.runs.length > 1);
const longest = Math.max(...data.runs.map((run) => run.events.length));
const diagrams = data.runs.map((run, index) => new Diagram(boxes[index], run, {
  go: (event) => { active = index; go(event); },
  hover: (event) => hover(index, event),
  mortal: (column) => { active = index; chooseMortal(column); },
  unfold: () => fold(),
}));
if (data.difference !== null) diagrams.forEach((diagram) => diagram.markDifference(data.difference));

/** The causal past to be shown for a run: a mortal's, or that of what is hovered over. */
function viewOf(index, hovered = -1) {
  const run = data.runs[index];
  let past = null;
  if (hovered >= 0) past = run.pasts[hovered];
  else if (view.mortal >= 0) {
    const last = lastEventOf(run, view.mortal, Math.min(cursor, run.events.length - 1));
    past = last >= 0 ? run.pasts[last] : new Int32Array(run.priests.length).fill(-1);
  }
  return { ...view, past };
}

/** Moves to an event, counted from 0. */
function go(event) {
  cursor = Math.max(0, Math.min(longest - 1, event));
  document.body.classList.toggle("at-last", cursor === longest - 1);
  data.runs.forEach((run, index) => {
    const here = Math.min(cursor, run.events.length - 1);
    diagrams[index].at(cursor, viewOf(index));
    drawLedgers(boxes[index].querySelector(".ledgers"), run, here, viewOf(index));
    drawGods(boxes[index].querySelector(".gods"), run, here, view);
    const steps = stories[index];
    markAhead(steps, run.current ? steps.indexOf(run.current) : steps.length - 1, here);
    run.current?.removeAttribute("aria-current");
    run.current = steps[here];
    run.current.setAttribute("aria-current", "step");
  });
  const run = data.runs[active];
  const here = Math.min(cursor, run.events.length - 1);
  drawWhy(byId("why"), run.current, changeAt(run.phases, here)?.[1] ?? "", data.notes[run.events[here].note]);
  byId("count").textContent = `step ${run.events[here].seq} of ${run.events[run.events.length - 1].seq}`;
  const address = `#e=${run.events[here].seq}${active > 0 ? `&run=${active + 1}` : ""}`;
  if (location.hash !== address) history.replaceState(null, "", address);
}

/** Marks in the list which steps are still to come, of those between where one was and where one is. */
function markAhead(steps, was, here) {
  for (let at = Math.min(was, here) + 1; at <= Math.max(was, here); at += 1) steps[at].classList.toggle("ahead", at > here);
}

function hover(index, event) {
  if (view.mortal >= 0 || player) return;
  const diagram = diagrams[index];
  diagram.view = viewOf(index, event);
  diagram.paint();
}

function chooseMortal(column) {
  view.mortal = view.mortal === column ? -1 : column;
  const name = data.runs[active].priests[view.mortal];
  byId("mortal").hidden = view.mortal < 0;
  byId("mortal").textContent = name ? `as ${name} knows it` : "";
  go(cursor);
}

/** Folds finished decrees, or unfolds them. */
function fold() {
  unfolded = !unfolded;
  for (const diagram of diagrams) diagram.lay(unfolded ? 1 : 0);
  byId("fold").setAttribute("aria-pressed", String(!unfolded));
  go(cursor);
}

/** To where the next step of the protocol begins, or back to where one began. */
function goPhase(way) {
  const begins = data.runs[active].phases.map(([event]) => event);
  const next = way > 0 ? begins.find((event) => event > cursor) : begins.findLast((event) => event < cursor);
  go(next ?? (way > 0 ? longest - 1 : 0));
}

/** To the next deed that the auditor accuses; after the last of them to the first. */
function goFault() {
  const accused = accusedIn(active);
  if (accused.length > 0) go(accused.find((event) => event > cursor) ?? accused[0]);
}

function accusedIn(index) {
  return stories[index].flatMap((step, event) => (step.classList.contains("accused") ? [event] : []));
}

function showFuture(shows) {
  view.hidesFuture = !shows;
  document.body.classList.toggle("hides-future", !shows);
  byId("future").setAttribute("aria-pressed", String(shows));
  go(cursor);
}

/** Turns on or off what a button stands for; returns whether it is on. */
function turn(id) {
  const on = byId(id).getAttribute("aria-pressed") !== "true";
  byId(id).setAttribute("aria-pressed", String(on));
  return on;
}

function enlarge() {
  document.body.classList.toggle("projector", turn("projector"));
  for (const diagram of diagrams) diagram.lay(diagram.index);
}

function play(on = !player) {
  clearInterval(player);
  player = 0;
  if (on) {
    if (cursor >= longest - 1) go(0);
    player = setInterval(() => (cursor < longest - 1 ? go(cursor + 1) : play(false)), STEP_MS);
  }
  byId("play").replaceChildren(icon(player ? "pause" : "play"));
  byId("play").setAttribute("aria-label", player ? "Pause" : "Play");
}

const KEYS = {
  ArrowRight: () => go(cursor + 1),
  ArrowLeft: () => go(cursor - 1),
  ArrowDown: () => go(cursor + 1),
  ArrowUp: () => go(cursor - 1),
  PageDown: () => goPhase(1),
  PageUp: () => goPhase(-1),
  Home: () => go(0),
  End: () => go(longest - 1),
  " ": () => play(),
  f: () => showFuture(view.hidesFuture),
  t: () => document.body.classList.toggle("leaves-talk-out", !turn("talk")),
  u: () => data.runs.some((run) => run.sheets.length > 1) && fold(),
  n: () => { document.querySelector("#why .note").hidden = !turn("notes"); },
  p: () => enlarge(),
  x: () => goFault(),
  Escape: () => view.mortal >= 0 && chooseMortal(view.mortal),
};
/** Which keys move what scrolls, where the focus is there. */
const SCROLLS = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End", " "];

document.addEventListener("keydown", (event) => {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const on = (selector) => event.target.closest?.(selector);
  const native = on("select") || (key === " " && on("button, summary, a")) || (SCROLLS.includes(key) && on(".ledgers, .rolled"));
  if (event.ctrlKey || event.metaKey || event.altKey || native || !KEYS[key]) return;
  event.preventDefault();
  if (key !== " ") play(false);
  KEYS[key]();
});
for (const [id, act] of Object.entries({
  first: KEYS.Home, back: KEYS.ArrowLeft, forth: KEYS.ArrowRight, last: KEYS.End, play: KEYS[" "], fold: KEYS.u, talk: KEYS.t,
  future: KEYS.f, notes: KEYS.n, projector: KEYS.p, fault: KEYS.x, "phase-back": KEYS.PageUp, "phase-forth": KEYS.PageDown,
})) {
  byId(id).addEventListener("click", act);
}
stories.forEach((steps, index) => {
  steps[0]?.parentElement.addEventListener("click", (event) => {
    const at = steps.indexOf(event.target.closest("li"));
    if (at < 0) return;
    event.preventDefault();
    active = index;
    go(at);
    scrollTo({ top: 0 });
  });
});

function fill(select, values, choose) {
  for (const value of values) select.append(new Option(value, value));
  select.addEventListener("change", () => { choose(select.value); go(cursor); });
}
fill(byId("ballot"), new Set(data.runs.flatMap((run) => [...run.ballotsMet.keys()])), (value) => { view.ballot = value; });
const numbers = new Set(data.runs.flatMap((run) => run.events.map((event) => event.number)).filter((number) => number > 0));
fill(byId("decree"), [...numbers].sort((a, b) => a - b), (value) => { view.decree = Number(value); });

/** The step that the address names, or the first one. */
function addressed() {
  const [, seq, run] = /^#e=(\d+)(?:&run=(\d+))?$/.exec(location.hash) ?? [];
  active = run && Number(run) <= data.runs.length ? Number(run) - 1 : 0;
  return Math.max(0, data.runs[active].events.findIndex((event) => event.seq === Number(seq)));
}
addEventListener("hashchange", () => go(addressed()));

/** On paper stands the whole run, as it ended. */
function toPaper() {
  if (beforePrint) return;
  beforePrint = { cursor, hides: view.hidesFuture };
  showFuture(true);
  go(longest - 1);
  data.runs.forEach((run, index) => layPaper(byId("paper"), run, stories[index], accusedIn(index)));
  for (const story of document.querySelectorAll(".story")) story.open = true;
}

function fromPaper() {
  if (!beforePrint) return;
  byId("paper").replaceChildren();
  for (const steps of stories) steps[0].parentElement.replaceChildren(...steps);
  const { cursor: at, hides } = beforePrint;
  beforePrint = null;
  showFuture(!hides);
  go(at);
}
addEventListener("beforeprint", toPaper);
addEventListener("afterprint", fromPaper);
matchMedia("print").addEventListener("change", (event) => (event.matches ? toPaper() : fromPaper()));

byId("fold").hidden = data.runs.every((run) => run.sheets.length === 1);
byId("talk").hidden = !data.runs.some((run) => run.sheets[0].ways.some((way) => way.class.includes("talk")));
byId("fault").hidden = stories.every((_, index) => accusedIn(index).length === 0);
drawLegend(byId("legend"), data.runs);
const glances = [...document.querySelectorAll(".overview")];
data.runs.filter((run) => run.overview).forEach((run, index) => new Overview(glances[index], run));
go(addressed());
document.documentElement.dataset.ready = "true";
