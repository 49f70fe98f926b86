"use strict";

// The page: one cursor for all runs, moved by keys, buttons, clicks and the address.

const data = JSON.parse(document.getElementById("run").textContent);
const byId = (id) => document.getElementById(id);
const stories = [...document.querySelectorAll(".steps")].map((list) => [...list.children]);
const view = { past: null, mortal: -1, ballot: "", decree: 0 };
const STEP_MS = 650;
let cursor = -1;
let active = 0;
let player = 0;
let current = null;
let unfolded = false;

for (const run of data.runs) {
  run.ballotsMet = new Map(run.ballots_met);
  causalPasts(run);
}
const longest = Math.max(...data.runs.map((run) => run.events.length));
const diagrams = data.runs.map((run, index) => new Diagram(byId("diagrams"), run, {
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
  const run = data.runs[active];
  const here = Math.min(cursor, run.events.length - 1);
  diagrams.forEach((diagram, index) => diagram.at(cursor, viewOf(index)));
  drawLedgers(byId("ledgers"), run, here, viewOf(active));
  drawGods(byId("gods"), run, here, view);
  current?.removeAttribute("aria-current");
  current = stories[active][here];
  current.setAttribute("aria-current", "step");
  drawWhy(byId("why"), current);
  byId("count").textContent = `step ${here + 1} of ${run.events.length}`;
  const address = `#e=${run.events[here].seq}`;
  if (location.hash !== address) history.replaceState(null, "", address);
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

function play(on = !player) {
  clearInterval(player);
  player = 0;
  if (on) {
    if (cursor >= longest - 1) go(0);
    player = setInterval(() => (cursor < longest - 1 ? go(cursor + 1) : play(false)), STEP_MS);
  }
  byId("play").textContent = player ? "⏸ pause" : "▶ play";
  byId("play").setAttribute("aria-label", player ? "Pause" : "Play");
}

const KEYS = {
  ArrowRight: () => go(cursor + 1),
  ArrowLeft: () => go(cursor - 1),
  ArrowDown: () => go(cursor + 1),
  ArrowUp: () => go(cursor - 1),
  Home: () => go(0),
  End: () => go(longest - 1),
  " ": () => play(),
  f: () => data.runs.some((run) => run.sheets.length > 1) && fold(),
  Escape: () => view.mortal >= 0 && chooseMortal(view.mortal),
};

document.addEventListener("keydown", (event) => {
  const onControl = event.target.closest?.("select, button") && event.key === " ";
  const onSelect = event.target.closest?.("select");
  if (event.ctrlKey || event.metaKey || event.altKey || onControl || onSelect || !KEYS[event.key]) return;
  event.preventDefault();
  if (event.key !== " ") play(false);
  KEYS[event.key]();
});
for (const [id, act] of Object.entries({ first: KEYS.Home, back: KEYS.ArrowLeft, forth: KEYS.ArrowRight, last: KEYS.End, play: KEYS[" "], fold: KEYS.f })) {
  byId(id).addEventListener("click", act);
}
stories.forEach((steps, index) => {
  steps[0]?.parentElement.addEventListener("click", (event) => {
    const at = steps.indexOf(event.target.closest("li"));
    if (at < 0) return;
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

/** The step that the address names; or the last deed accused; or the last step. */
function addressed() {
  const seq = Number(/^#e=(\d+)$/.exec(location.hash)?.[1] ?? NaN);
  const found = data.runs[active].events.findIndex((event) => event.seq === seq);
  if (found >= 0) return found;
  const accused = stories[active].findLastIndex((step) => step.classList.contains("accused"));
  return accused >= 0 ? accused : longest - 1;
}
addEventListener("hashchange", () => go(addressed()));
addEventListener("beforeprint", () => {
  diagrams.forEach((diagram) => diagram.show(true));
  for (const story of document.querySelectorAll(".story")) story.open = true;
});

byId("fold").hidden = data.runs.every((run) => run.sheets.length === 1);
drawLegend(byId("legend"));
go(addressed());
document.documentElement.dataset.ready = "true";
