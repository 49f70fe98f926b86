// A student's phone: what the class sees, and large buttons. It keeps a random key, by which it comes back,
// and nothing else.

const byId = (id) => document.getElementById(id);
const phone = { key: null, class: null, stream: null, heard: 0, seen: null, mine: null, own: null, back: [], tries: 0, timer: 0 };
/** The server says every 15 seconds that it is there; after so many milliseconds without a word it is not. */
const SILENCE = 40000;

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function remember() {
  try {
    localStorage.setItem("class", JSON.stringify({ key: phone.key, class: phone.class }));
  } catch { /* This phone keeps nothing: it comes as a new one next time. */ }
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem("class")) ?? {};
  } catch {
    return {};
  }
}

function state(text, isLost = false) {
  if (byId("state").textContent !== text) byId("state").textContent = text;
  byId("state").className = isLost ? "lost" : "";
}

const post = (to, body) => fetch(to, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Comes in, or comes back; then listens. */
async function come() {
  clearTimeout(phone.timer);
  phone.stream?.close();
  byId("again").hidden = true;
  let reply;
  try {
    reply = await post("/c/come", { key: phone.key, class: phone.class });
  } catch {
    phone.tries += 1;
    state(phone.tries < 3 ? "No connection. Trying again …"
      : "The class does not answer: it is over, or this phone has left its network. Trying again …", true);
    phone.timer = setTimeout(come, 3000);
    return;
  }
  phone.tries = 0;
  if (!reply.ok) {
    over(await reply.text());
    return;
  }
  const told = await reply.json();
  const wasElsewhere = phone.seen !== null && phone.class !== told.class;
  phone.key = told.key;
  phone.class = told.class;
  remember();
  if (wasElsewhere) {
    phone.seen = null;
    over("The class you were in is over. Another one is held at this address.", "Come into the new class");
    return;
  }
  listen();
}

function listen() {
  phone.stream?.close();
  phone.heard = Date.now();
  const stream = new EventSource(`/c/stream?class=${phone.class}&key=${phone.key}`);
  phone.stream = stream;
  stream.addEventListener("here", () => { phone.heard = Date.now(); });
  stream.addEventListener("mine", ({ data }) => {
    phone.heard = Date.now();
    phone.mine = JSON.parse(data);
    if (phone.seen) draw();
  });
  stream.addEventListener("class", ({ data }) => {
    phone.heard = Date.now();
    hear(JSON.parse(data));
  });
  stream.addEventListener("gone", ({ data }) => {
    stream.close();
    over(JSON.parse(data).why);
  });
  stream.addEventListener("error", () => {
    state("Connection lost. Trying again …", true);
    stream.close();
    clearTimeout(phone.timer);
    // Not all at once.
    phone.timer = setTimeout(come, 1000 + Math.random() * 2000);
  });
}

/** Shows that this phone is out, and how it may come in. */
function over(why, how = "Come in again") {
  phone.stream?.close();
  state(why.trim(), true);
  byId("question").hidden = true;
  byId("again").textContent = how;
  byId("again").hidden = false;
}

function hear(seen) {
  const before = phone.seen;
  phone.seen = seen;
  if (seen.over) {
    phone.stream.close();
    clearTimeout(phone.timer);
    draw();
    return;
  }
  const isNew = seen.question && (before?.question?.number !== seen.question.number || before?.question?.stage !== seen.question.stage);
  if (isNew && seen.question.round) byId("said").textContent = "";
  draw();
  if (isNew) window.scrollTo(0, 0);
}

const STAGES = { first: "answer alone", talk: "now talk with your neighbours", second: "answer again", closed: "after talking", revealed: "the answer" };

function draw() {
  const { seen, own } = phone;
  // One who tries it out first predicts nothing, and is not told by a scene of his own.
  const waits = Boolean(seen.question?.scene && seen.question.stage !== "revealed");
  const isOwn = Boolean(own) && !waits;
  if (seen.over) state("The class is over. Thank you.");
  else state(!own ? "You follow the class." : waits ? "Your own scene waits until the answer is shown." : "You play on your own.");
  question(seen.question);
  scene(isOwn ? own : seen.scene, isOwn);
  byId("ways").hidden = seen.over || waits;
  byId("branch").hidden = Boolean(own);
  byId("follow").hidden = !own;
}

/** What this phone answered in the rounds of this question. */
function mine(number) {
  return phone.mine?.question === number ? phone.mine.answers : [null, null];
}

function question(asked) {
  const wasHidden = byId("question").hidden;
  byId("question").hidden = !asked;
  if (!asked) return;
  const [first, second] = mine(asked.number);
  const answer = asked.round === 2 || asked.second ? second : first;
  byId("stage").textContent = `Question ${asked.number}: ${STAGES[asked.stage]}`;
  if (byId("asks").textContent !== asked.asks) byId("asks").textContent = asked.asks;
  const held = document.activeElement?.dataset?.answer;
  const rows = asked.answers.map((text, i) => row(asked, text, i, answer));
  byId("answers").replaceChildren(...rows);
  if (held !== undefined) byId("answers").querySelector(`[data-answer="${held}"]`)?.focus();
  const said = byId("said");
  if (asked.right !== null) {
    const isLate = answer === null && first !== null;
    const counts = isLate ? first : answer;
    const isRight = counts === asked.right;
    said.className = counts === null || isRight ? "" : "no";
    said.textContent = isLate
      ? `You did not answer the second time; the first time you answered ${letter(first)}, which is ${isRight ? "right" : "wrong"}.`
      : answer === null ? "You did not answer." : isRight ? "You were right." : "You were wrong.";
  } else if (!asked.round) {
    said.className = "";
    said.textContent = asked.stage === "talk" ? "Tell your neighbour why." : "";
  } else if (wasHidden) {
    said.textContent = "";
  }
  byId("because").hidden = !asked.because;
  byId("because").textContent = asked.because ?? "";
}

/** The letter before an answer, as on the projector. */
const letter = (i) => String.fromCharCode(65 + i);

function row(asked, text, i, answer) {
  const isMine = answer === i;
  const isRight = asked.right === i;
  const button = element("button", { type: "button", "data-answer": i, class: `${isMine ? "mine" : ""} ${isRight ? "right" : ""}`, "aria-pressed": String(isMine) },
    element("b", { class: "letter" }, `${letter(i)}.`), text);
  const wasMine = !isMine && asked.second && mine(asked.number)[0] === i;
  const marks = [isRight ? "✓ right" : "", isMine ? "your answer" : wasMine ? "your first answer" : ""].filter(Boolean).join(" · ");
  if (marks) button.append(element("span", { class: "mark" }, marks));
  button.disabled = !asked.round;
  button.addEventListener("click", () => answerWith(asked, i));
  const made = element("li", {}, button);
  const bars = [["first", asked.first], ["second", asked.second]].filter(([, counts]) => counts);
  if (bars.length > 0) {
    const grid = element("div", { class: "bars" });
    for (const [name, counts] of bars) {
      const all = counts.reduce((sum, many) => sum + many, 0);
      const fill = element("i", {});
      fill.style.setProperty("--share", `${all ? (100 * counts[i]) / all : 0}%`);
      grid.append(element("span", {}, bars.length > 1 ? name : ""), element("span", { class: `bar ${name}`, "aria-hidden": "true" }, fill), element("span", {}, String(counts[i])));
    }
    made.append(grid);
  }
  return made;
}

async function answerWith(asked, answer) {
  const said = byId("said");
  said.className = "";
  said.textContent = "Sending …";
  try {
    const reply = await post("/c/answer", { key: phone.key, question: asked.number, round: asked.round, answer });
    if (!reply.ok) {
      said.className = "no";
      said.textContent = (await reply.text()).trim();
      return;
    }
  } catch {
    said.className = "no";
    said.textContent = "Not sent: no connection. Touch it again.";
    return;
  }
  const answers = [...mine(asked.number)];
  answers[asked.round - 1] = answer;
  phone.mine = { question: asked.number, answers };
  if (phone.seen?.question) question(phone.seen.question);
  if (phone.seen?.question?.round) said.textContent = "Your answer counts. You may change it until the round ends.";
}

function scene(sight, isOwn) {
  byId("scene").hidden = false;
  byId("whose").textContent = isOwn ? "Your own scene" : "Where the class is";
  byId("step").textContent = sight.by ? `Step ${sight.step}: ${sight.by}` : "The beginning";
  const lines = (all) => all.map((line) => element("li", {}, line));
  byId("told").replaceChildren(...lines(sight.told));
  byId("broken").replaceChildren(...lines(sight.broken));
  byId("desks").replaceChildren(...sight.desks.map(({ lines: [head, ...rest] }) =>
    element("article", {}, element("h3", {}, head), ...rest.map((line) => element("p", {}, line)))));
  byId("bag-title").hidden = isOwn;
  byId("bag").hidden = isOwn;
  byId("bag").replaceChildren(...lines(sight.bag.length > 0 ? sight.bag : ["none"]));
  byId("own").hidden = !isOwn;
  if (!isOwn) return;
  byId("offers").replaceChildren(...sight.offers.map(({ key, text, enabled }) => {
    const button = element("button", { type: "button", class: enabled ? "" : "grey" }, text);
    button.addEventListener("click", () => play(`${sight.short};${key}`, true));
    return element("li", {}, button);
  }));
  byId("undo").hidden = phone.back.length === 0;
}

/** Plays a script of this phone's own. */
async function play(script, isMove) {
  let reply;
  try {
    reply = await post("/c/play", { key: phone.key, script });
  } catch {
    state("No connection: this move was not made. Touch it again.", true);
    return;
  }
  if (!reply.ok) {
    state((await reply.text()).trim(), true);
    return;
  }
  const sight = await reply.json();
  if (isMove && phone.own) phone.back.push(phone.own);
  phone.own = sight;
  draw();
  byId("step").scrollIntoView({ block: "start" });
}

function follow() {
  phone.own = null;
  phone.back = [];
  draw();
  window.scrollTo(0, 0);
  // Only a count on the teacher's screen depends on it.
  post("/c/follow", { key: phone.key }).catch(() => {});
}

byId("branch").addEventListener("click", () => play(phone.seen.scene.short, false));
byId("follow").addEventListener("click", follow);
byId("undo").addEventListener("click", () => { phone.own = phone.back.pop(); draw(); });
byId("again").addEventListener("click", come);
/** A phone that wakes may hold a stream that is dead. */
document.addEventListener("visibilitychange", () => {
  const isDead = Date.now() - phone.heard > SILENCE || phone.stream?.readyState === EventSource.CLOSED;
  if (document.visibilityState === "visible" && phone.heard && !phone.seen?.over && byId("again").hidden && isDead) come();
});
setInterval(() => {
  const isOpen = phone.stream && phone.stream.readyState !== EventSource.CLOSED;
  if (isOpen && Date.now() - phone.heard > SILENCE) come();
}, 5000);
Object.assign(phone, { key: remembered().key ?? null, class: remembered().class ?? null });
come();
