// The page: it asks the server for the answer to its script, and shows it. The script is all that it
// keeps, and the address holds it.

const diagram = new Diagram(byId("picture"));
const panels = new Panels({ chosen: (offer) => go(offer.key), looked: (offer) => look(offer) });
const predict = new Predict();
const shortest = new Shortest();
const beside = new Beside();
const mortal = new Mortal();
const page = { answer: null, asked: 0, start: null, name: "scene" };

/** What somebody looks at: a choice, before it is made. */
function look(offer) {
  // A class is to think of it first.
  if (document.body.classList.contains("hides-future")) return;
  if (predict.isOn) return;
  diagram.ghost(offer);
  panels.ghost(offer);
  would(offer);
}

/** Says what went wrong, or that nothing did. */
function trouble(text) {
  if (byId("trouble").textContent === (text ?? "").replaceAll("`", "")) return;
  byId("trouble").hidden = !text;
  byId("trouble").replaceChildren(...withCode(text ?? ""));
}

const LOST = "The program that served this page does not answer. Start `parliament play --open` again, and put what "
  + "follows # in this address behind the new address: nothing is lost.";

/** The answer to a script; `null` where none came, or a later one was asked for. */
async function ask(script) {
  page.asked += 1;
  const mine = page.asked;
  const answer = await inquire("answer", script);
  return mine === page.asked ? answer : null;
}

const wrongIn = ({ line, column, message }) => `The script does not play on at line ${line}, column ${column}: ${message}.`;

/** Makes a move from here, in short; a telling one may be asked about first. */
async function go(command) {
  if (!page.answer) return;
  predict.close();
  if (!await predict.holds(command)) await play(command);
}

/** Goes on from here by a command in short. */
async function play(command) {
  if (!page.answer) return;
  const answer = await ask(`${page.answer.short};${command}`);
  if (!answer) return;
  if (answer.error) trouble(`${answer.error.message[0].toUpperCase()}${answer.error.message.slice(1)}.`);
  else show(answer, true);
}

/** Shows a whole script; whether it could be. */
async function load(script, isNew) {
  const answer = await ask(script);
  if (!answer?.path) {
    if (answer?.error) trouble(wrongIn(answer.error));
    return false;
  }
  show(answer, isNew);
  if (answer.error) trouble(wrongIn(answer.error));
  return true;
}

const LEVELS = { basic: "the basic protocol, §2.3", synod: "the complete Synod, §2.4", parliament: "the Parliament, §3" };

/** The place of the focus, to be found again when all is drawn anew. */
function focused() {
  const at = document.activeElement;
  const list = at?.closest(".offers, #moments");
  if (!list) return () => {};
  const { key } = at.dataset;
  const index = choices().indexOf(at);
  return () => {
    if (list.id === "moments") return list.querySelector(".here")?.focus();
    const same = [...document.querySelectorAll("[data-key]")].find((it) => it.dataset.key === key);
    const all = choices();
    return (same ?? all[Math.min(Math.max(index, 0), all.length - 1)])?.focus();
  };
}

function show(answer, isNew) {
  trouble(null);
  const refocus = focused();
  page.answer = answer;
  const fragment = `#${answer.short}`;
  if (isNew) history.pushState(null, "", fragment);
  else history.replaceState(null, "", fragment);
  draw();
  page.isRefocusing = true;
  refocus();
  page.isRefocusing = false;
}

function draw() {
  const { answer } = page;
  const hues = new Hues(answer);
  const goTo = (moment) => play(`go.${moment}`);
  diagram.draw(answer, hues, goTo);
  const minute = answer.level === "basic" ? "" : `, minute ${answer.minute}`;
  byId("place").textContent = `${answer.founding}: ${LEVELS[answer.level]}${minute}`;
  panels.draw(answer, hues);
  momentDots(answer, goTo);
  storyList(answer, goTo);
  showGame(answer);
  mortal.show(answer);
  beside.update(answer);
  sentence(answer);
  would(null);
  // The browser lays the page out for these: once, after all that was changed.
  diagram.toTheEnd();
  byId("moments").querySelector(".here")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  byId("save").disabled = answer.words === null;
  byId("undo").disabled = answer.tree[answer.moment].parent === null;
  byId("redo").disabled = !answer.tree.some(({ parent }) => parent === answer.moment);
  const broken = answer.rules.filter(({ holds }) => !holds);
  document.body.classList.toggle("has-broken", broken.length > 0);
  document.documentElement.dataset.moment = answer.moment;
  document.documentElement.dataset.ready = "true";
  document.dispatchEvent(new CustomEvent("moment", { detail: answer }));
}

/** A line of the strip: its section, and what is told. */
const told = (number, text, classes) =>
  element("p", { class: classes }, element("span", { class: "section" }, number), element("span", { class: "sentence" }, text));

/** What was said, a line each. */
const saidLines = (lines) => lines.map((it) => told(section(it.section), it.text, it.section === "heresy" ? "fault" : ""));

/** The last step in words. */
function sentence(answer) {
  const last = answer.path.at(-1);
  const lines = saidLines(last.events.filter(({ event }) => event === "said"));
  if (last.move === null) lines.push(told("", "Nothing has happened yet. Choose a deed: let a priest try a ballot."));
  else if (lines.length === 0) lines.push(told("", last.guard ? `${last.move}: ${last.guard}` : last.move));
  const broken = answer.rules.filter(({ holds, firstBroken }) => !holds && firstBroken === answer.moment);
  for (const { rule, broken: [{ why }] } of broken) lines.push(told(rule, `is broken: ${why}`, "fault"));
  byId("why").replaceChildren(...lines);
}

/** What a choice would come to. */
function would(offer) {
  const lines = offer ? saidLines(offer.lines) : [];
  if (offer && lines.length === 0) lines.push(told(section(offer.section), offer.move));
  for (const { rule, why } of offer?.breaks ?? []) lines.push(told(rule, `would break: ${why}`, "fault"));
  byId("would").replaceChildren(...lines);
}

// ---------------------------------------------------------------- what the controls do

/** A line that says that something was done. */
function say(text, isLasting) {
  byId("told").textContent = text;
  clearTimeout(page.saying);
  if (!isLasting) page.saying = setTimeout(() => { byId("told").textContent = ""; }, 4000);
}

async function copied(text, says, otherwise) {
  try {
    await navigator.clipboard.writeText(text);
    say(says);
  } catch {
    say(`The browser does not let the page copy: ${otherwise}.`);
  }
}

const copyLink = () => copied(location.href, "The address of this moment is copied. Its token opens your playground; what follows # is the scene.", "copy the address above");

const copyCommand = () => copied(byId("save-command").textContent, "The command is copied.", "mark the command, and copy it");

/** The command that keeps the way here as a chamber. No quote and no backslash stands in a script in short. */
const chamberCommand = ({ short }) => `echo '${short}' | parliament play - --json --keep scene-chamber > /dev/null`;

function save() {
  if (page.answer.words === null) {
    say("What the priests hold would stand in the script; break a rule first, or say that all are sound.");
    return;
  }
  byId("save-command").textContent = chamberCommand(page.answer);
  byId("save-dialog").showModal();
}

/** Hands a text over as a file. */
function download(name, kind, text, words) {
  const address = URL.createObjectURL(new Blob([text], { type: kind }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
  say(`Saved as ${name}: ${words}.`);
}

/** The way here as the server writes it. */
async function written(form) {
  try {
    const reply = await fetch(form, { method: "POST", body: page.answer.short });
    if (reply.ok) return await reply.text();
    trouble(await reply.text());
  } catch {
    trouble(LOST);
  }
  return null;
}

async function saveAs({ target }) {
  const form = target.closest("button")?.value;
  if (form === "script") {
    download("scene.txt", "text/plain", `${page.start.mark}\n${page.answer.words}`, "`parliament play scene.txt` goes on from it");
  } else if (form) {
    const text = await written(form);
    if (text && form === "trace") download("scene.csv", "text/csv", text, "`parliament chronicle --trace scene.csv` draws it");
    else if (text) download("scene.html", "text/html", text, "open it in a browser");
  }
}

function projector() {
  const isLarge = document.body.classList.toggle("projector");
  byId("projector").setAttribute("aria-pressed", String(isLarge));
  if (page.answer) draw();
}

/** Whether a class looks on: it plays no hunt, in which the phones would be told what is to be found. */
const isClass = () => document.body.classList.contains("holds-class");

/** The dialog stands on what is played now. */
function openBegin() {
  byId("begin-trouble").textContent = "";
  if (page.answer && page.start) {
    byId("begin-level").value = page.answer.level;
    fillHeresies(presentHeresy(page.answer));
    byId("begin-names").value = page.answer.founding;
  }
  byId("begin-dialog").showModal();
}

async function beginNow(event) {
  if (event.submitter?.value !== "begin") return;
  event.preventDefault();
  const pasted = byId("begin-script").value.trim();
  const level = byId("begin-level").value;
  const heresy = byId("begin-heresy").value;
  const hunt = `hunt.${Math.floor(Math.random() * 1e9)}`;
  const named = heresy === "?" ? hunt : `convene ${byId("begin-names").value.trim()} level=${level}\n${heresy ? `heretic all ${heresy}\n` : ""}`;
  const answer = await ask(pasted || named);
  if (!answer) {
    byId("begin-trouble").textContent = byId("trouble").textContent;
  } else if (answer.error) {
    byId("begin-trouble").textContent = pasted ? wrongIn(answer.error) : `${answer.error.message}.`;
  } else {
    byId("begin-dialog").close();
    show(answer, true);
  }
}

const choices = () => [...document.querySelectorAll(".offers button.main, .offers button.deed")];

/** Moves the focus among the choices. */
function choose(by) {
  const all = choices();
  const at = all.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  all[next]?.focus();
}

/** Presses the button of the lit choice's row that begins so. */
function pressWithin(prefix) {
  const row = document.activeElement?.closest(".offers li");
  row?.querySelector(`[data-key^="${prefix}"]`)?.click();
}

/** Moves the focus along the dots of moments. */
function alongMoments(by) {
  const dots = [...document.querySelectorAll("#moments .dot")];
  const at = dots.indexOf(document.activeElement);
  dots[Math.min(Math.max(at + by, 0), dots.length - 1)]?.focus();
}

const KEYS = [
  ["j", "k", "the next choice, the one before", (key) => choose(key === "j" ? 1 : -1)],
  ["Enter", null, "do it", null],
  ["1", "9", "do this choice at once", null],
  ["l", null, "lose the letter instead", () => pressWithin("l.")],
  ["r", null, "repeat the letter", () => pressWithin("r.")],
  ["c", null, "let the priest of this row crash", () => crash()],
  ["u", "U", "undo, redo", (key) => play(key === "u" ? "u" : "y")],
  ["b", null, "to the moments: left and right choose, Enter goes there", () => byId("moments").querySelector(".here")?.focus()],
  ["p", null, "be asked before a telling move", () => predict.turn()],
  ["v", null, "one priest's view, the next, then all", () => mortal.next()],
  ["B", null, "another branch beside this one", () => !byId("beside").hidden && beside.turn()],
  ["S", null, "the shortest run from here that breaks a rule; again to stop the search", () => shortest.search()],
  ["!", null, "in a hunt: they are sound", declareSound],
  ["t", null, "the story so far", () => byId("story").toggleAttribute("open")],
  ["s", null, "save: as a script, a chronicle, a trace", save],
  ["y", null, "copy the address of this moment", copyLink],
  ["n", null, "begin another scene", openBegin],
  ["P", null, "large type, for a projector", projector],
  [".", null, "blank the page; any key ends it", () => { byId("blank").hidden = false; }],
  ["?", null, "these keys", () => byId("keys-dialog").showModal()],
];

/** Goes to the ways in which the priest of the lit choice may crash. */
function crash() {
  const row = document.activeElement?.closest(".offers li");
  const name = row?.querySelector("[data-key]")?.dataset.key.startsWith("d.")
    ? page.answer.letters.find(({ id }) => id === offerOf(row.querySelector("[data-key]").dataset.key)?.letter)?.to
    : row?.querySelector(".who")?.textContent;
  const all = [...document.querySelectorAll(".crashes")];
  const wanted = all.find((it) => it.getAttribute("aria-label") === `crash ${name}`) ?? all[0];
  wanted?.querySelector("button")?.focus();
}

const offerOf = (key) => page.answer.offers.find((offer) => offer.key === key);

function pressed(event) {
  if (!byId("blank").hidden) {
    byId("blank").hidden = true;
    event.preventDefault();
    return;
  }
  const isWriting = event.target.closest("input, textarea, select, dialog[open]");
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey || !page.answer) return;
  const { key } = event;
  if (key === "Escape") {
    predict.close();
    return;
  }
  if (event.target.closest("#moments") && ["ArrowLeft", "ArrowRight"].includes(key)) {
    event.preventDefault();
    alongMoments(key === "ArrowRight" ? 1 : -1);
    return;
  }
  if (event.target.closest(".offers") && ["ArrowDown", "ArrowUp"].includes(key)) {
    event.preventDefault();
    choose(key === "ArrowDown" ? 1 : -1);
    return;
  }
  if (/^[1-9]$/.test(key)) {
    event.preventDefault();
    const answers = [...document.querySelectorAll("#question:not([hidden]) button")];
    (answers.length > 0 ? answers : choices())[Number(key) - 1]?.click();
    return;
  }
  const known = KEYS.find(([one, other, , does]) => does && (key === one || key === other));
  if (!known) return;
  event.preventDefault();
  known[3](key);
}

function fillKeys() {
  const list = byId("keys-dialog").querySelector("dl");
  for (const [one, other, words] of KEYS) {
    const keys = [element("kbd", {}, one)];
    if (other) keys.push(one === "1" ? "–" : " ", element("kbd", {}, other));
    list.append(element("dt", {}, ...keys), element("dd", {}, words));
  }
}

async function begin() {
  byId("undo").addEventListener("click", () => play("u"));
  byId("redo").addEventListener("click", () => play("y"));
  byId("save").addEventListener("click", save);
  byId("save-dialog").addEventListener("click", saveAs);
  byId("link").addEventListener("click", copyLink);
  byId("copy-command").addEventListener("click", copyCommand);
  byId("projector").addEventListener("click", projector);
  byId("begin").addEventListener("click", openBegin);
  byId("keys").addEventListener("click", () => byId("keys-dialog").showModal());
  byId("begin-dialog").querySelector("form").addEventListener("submit", beginNow);
  byId("blank").addEventListener("click", () => { byId("blank").hidden = true; });
  document.addEventListener("keydown", pressed);
  window.addEventListener("popstate", () => load(location.hash.slice(1) || page.start.script, false));
  matchMedia("print").addEventListener("change", ({ matches }) => { byId("story").open = matches; });
  let timer;
  window.addEventListener("resize", () => {
    clearTimeout(timer);
    timer = setTimeout(() => page.answer && draw(), 120);
  });
  fillKeys();
  try {
    page.start = await (await fetch("start")).json();
  } catch {
    trouble(LOST);
    return;
  }
  page.ownHeresies = [...byId("begin-heresy").options];
  byId("begin-level").addEventListener("change", () => fillHeresies());
  byId("begin-heresy").addEventListener("change", aboutHeresy);
  const named = location.hash.slice(1);
  if (named && await load(named, false)) return;
  const why = byId("trouble").textContent;
  await load(page.start.script, false);
  if (named) trouble(why);
}

begin();
