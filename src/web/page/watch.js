// A chamber that sits. The server tells all that there is to see, as it comes; the page draws the latest.

const diagram = new Diagram(byId("picture"), 16);
const page = { latest: null, shown: null, chosen: null, isPaused: false, isLost: false, why: null, before: new Map(), heard: "" };

const LOST = "The program that serves this page does not answer: the page shows what it heard last. It asks again by itself; "
  + "where the program has ended, start `parliament watch --web` again and open its new address.";

function showTrouble() {
  const words = page.isLost ? LOST : page.why;
  byId("trouble").hidden = !words;
  byId("trouble").textContent = words ?? "";
}

/** When a step was recorded, by its minute. */
function recorded({ minute }) {
  const [convened, long] = page.shown.clock ?? [];
  if (!convened || minute === undefined) return null;
  const at = new Date(Date.parse(convened) + Number(minute) * long).toISOString();
  return `${at.slice(0, 10)}, ${at.slice(11, 23)} UTC`;
}

/** The command that tells of the last steps of a fold. */
const unfolding = ({ from, to }) => `${page.shown.chronicle} --from ${Math.max(from, to - 999)} --to ${to}`;

/** Which steps a fold stands for, and how to see them. */
const foldSays = (fold) => [`Not drawn: ${fold.from === fold.to ? "step" : "steps"} ${grouped(fold.from)}`,
  fold.from === fold.to ? "" : ` to ${grouped(fold.to)}`, ". In a terminal: ", element("code", {}, unfolding(fold))];

/** The sentences of a step, each with its section. */
const sentences = (step) => step.said.map(({ text, section: of }) => element("p", {},
  element("span", { class: "section" }, of ? section(of) : ""), element("span", { class: "sentence" }, text)));

function drawStrip(told) {
  const steps = told.path.filter(({ said }) => said?.length > 0);
  const step = steps.find(({ moment }) => moment === page.chosen) ?? steps.at(-1);
  const at = step && recorded(step);
  byId("why").replaceChildren(...(step ? sentences(step) : []),
    ...(at ? [element("p", {}, element("span", { class: "section" }), element("span", { class: "quiet" }, `step ${grouped(step.moment)}, recorded ${at}`))] : []));
}

/** Which steps the picture leaves out: those of its first fold are the earlier ones. */
function drawEarlier({ path }) {
  const folds = path.filter(({ from, to }) => from <= to);
  laid(byId("earlier"), folds.slice(0, 1).map((fold) => ({ ...fold, more: folds.length - 1, chronicle: page.shown.chronicle })), (fold) => element("span", {}, ...foldSays(fold),
    fold.more > 0 ? `; and ${counted(fold.more, "fold")} below it` : ""));
  byId("earlier").hidden = folds.length === 0;
}

function drawDesk({ name, weight, present, rows, slip, last }, hues) {
  const old = page.before.get(name);
  const items = rows.map(({ kind, text }) => {
    const isNew = old && !old.has(`${kind} ${text}`);
    const shown = kind === "outcome" ? `decree ${text}` : text;
    return element("li", { title: kind === "outcome" ? shown : undefined, class: `${kind === "outcome" ? "outcome" : ""}${isNew ? " changed" : ""}` },
      kind === "outcome" ? null : element("span", { class: "kind" }, kind), element("span", { class: kind === "outcome" ? "" : hues.in(text) }, shown));
  });
  page.before.set(name, new Set(rows.map(({ kind, text }) => `${kind} ${text}`)));
  const facts = [present ? "" : "away", weight === null ? "" : `weight ${weight}`, last ? `through ${last}` : ""].filter(Boolean).join("; ");
  return element("article", { class: `ledger${present ? "" : " out"}`, "data-name": name },
    element("h3", {}, name, " ", element("small", {}, facts)), element("ul", { class: "rows" }, ...items),
    slip ? element("p", { class: "paperslip", "aria-label": `${name}'s slip of paper` }, slip) : null);
}

function drawFaults({ faults, counted: many }) {
  const box = byId("faults");
  const words = [many, ...faults].join("\n");
  if (box.dataset.says === words) return;
  box.dataset.says = words;
  box.hidden = !many;
  box.replaceChildren(...(many ? [
    element("h2", {}, `${many[0].toUpperCase()}${many.slice(1)}`),
    element("ul", {}, ...faults.map((fault) => element("li", {}, fault))),
    element("p", {}, "See all of them: ", element("code", {}, "parliament audit"))] : []));
}

function drawConditions({ conditions, judged, unjudged }) {
  byId("rules").replaceChildren(...conditions.map(({ says, kept }) => {
    const [name] = says.split(" ");
    const [words, sign] = kept === null ? ["is not known", null] : kept ? ["holds", icon("kept")] : ["is broken", icon("broken")];
    return element("span", { class: `rule ${kept === null ? "unknown" : kept ? "kept" : "broken"}` }, sign ?? "?", name, unseen(` ${words}`));
  }));
  byId("judged").textContent = judged;
  byId("judged").className = unjudged ? "wrong" : "";
}

function drawStory(told) {
  if (!byId("story").open) return;
  const steps = told.path.slice(1).slice(-40);
  byId("story").querySelector("ol").replaceChildren(...steps.map((step) => element("li", {},
    ...(step.said.length > 0 ? step.said.map(({ text, section: of }) => element("div", {}, `${text} `, element("i", {}, of ? section(of) : ""))) : [step.move]))));
}

/** Tells a listener of the latest decree, and of findings, and not of every row. */
function announce(told) {
  if (page.announcing) return;
  page.announcing = setTimeout(() => {
    page.announcing = null;
    const words = [page.shown.latest, page.shown.counted].filter(Boolean).join("; ");
    if (words !== page.heard) byId("heard").textContent = words;
    page.heard = words;
  }, page.heard || !told.latest ? 5000 : 0);
}

function draw(told) {
  const hues = new Hues({ letters: [], ballots: [] });
  hues.known = new Map(Object.entries(told.hues));
  byId("scene").hidden = false;
  page.hues = hues;
  byId("desks").replaceChildren(element("h2", { class: "unseen" }, "Ledgers"), ...told.priests.map((priest) => drawDesk(priest, hues)));
  drawStrip(told);
  drawConditions(told);
  drawBallots(told, hues);
  byId("b").scrollTop = byId("b").scrollHeight;
  drawStory(told);
  drawEarlier(told);
  // Last, since what is around it leaves it more room, or less.
  drawPicture(told);
}

function drawPicture(told) {
  const across = diagram.scroll.scrollLeft;
  diagram.draw(told, page.hues, choose);
  diagram.toTheEnd();
  diagram.scroll.scrollLeft = across;
}

/** Shows what is said of a step until another comes. */
function choose(moment) {
  page.chosen = moment;
  drawStrip(page.shown);
}

function titles(told) {
  document.querySelector("h1").textContent = told.title;
  const more = page.isPaused && page.latest !== page.shown ? `; it goes on: ${page.latest.rows} by now` : "";
  byId("place").textContent = [told.latest ?? "no decree yet", told.rows].join(" · ") + more;
}

function show(told) {
  page.shown = told;
  page.chosen = null;
  draw(told);
  announce(told);
}

/** One who has scrolled back reads: the picture stands still for him. */
function isReading() {
  const { scrollTop, clientHeight, scrollHeight } = diagram.scroll;
  return page.shown !== null && scrollHeight - clientHeight - scrollTop > 60;
}

function hear(told) {
  page.latest = told;
  page.why = null;
  showTrouble();
  drawFaults(told);
  if (!page.isPaused && isReading()) pause(true);
  if (!page.isPaused) show(told);
  titles(page.shown ?? told);
  document.documentElement.dataset.ready = "true";
}

function pause(wanted) {
  page.isPaused = wanted;
  byId("pause").setAttribute("aria-pressed", String(wanted));
  byId("pause").textContent = wanted ? "follow" : "pause";
  if (!page.latest) return;
  if (!wanted) show(page.latest);
  titles(page.shown ?? page.latest);
}

function projector() {
  const isLarge = document.body.classList.toggle("projector");
  byId("projector").setAttribute("aria-pressed", String(isLarge));
  if (page.shown) draw(page.shown);
}

function pressed(event) {
  if (!byId("blank").hidden) {
    byId("blank").hidden = true;
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && !event.target.closest("button, summary")) {
    event.preventDefault();
    pause(!page.isPaused);
  }
  if (event.key === "End" && page.isPaused) pause(false);
  if (event.key === "P") projector();
  if (event.key === ".") byId("blank").hidden = false;
}

function listen() {
  const stream = new EventSource("stream");
  stream.addEventListener("open", () => {
    page.isLost = false;
    showTrouble();
  });
  stream.addEventListener("error", () => {
    page.isLost = true;
    showTrouble();
  });
  stream.addEventListener("chamber", ({ data }) => hear(JSON.parse(data)));
  stream.addEventListener("trouble", ({ data }) => {
    page.why = JSON.parse(data).why;
    showTrouble();
    document.documentElement.dataset.ready = "true";
  });
}

byId("pause").addEventListener("click", () => pause(!page.isPaused));
byId("projector").addEventListener("click", projector);
byId("story").addEventListener("toggle", () => page.shown && drawStory(page.shown));
document.addEventListener("keydown", pressed);
let wide = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === wide || !page.shown) return;
  wide = innerWidth;
  drawPicture(page.shown);
});
listen();
