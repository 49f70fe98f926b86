// What the page asks the server besides answers: questions before telling moves, the shortest run, a
// second branch to look at; the game of the unknown heretic, and which heresies another scene may hold.

/** Asks something about a script; `null` where no reply came. */
async function inquire(what, script, signal) {
  try {
    const reply = await fetch(what, { method: "POST", headers: { "Content-Type": "text/plain; charset=utf-8" }, body: script, signal });
    if (reply.ok) return await reply.json();
    trouble(await reply.text());
  } catch (error) {
    if (error.name !== "AbortError") trouble(LOST);
  }
  return null;
}

/** Predict: a question before a telling move, whose answer the engine knows. */
class Predict {
  constructor() {
    this.isOn = false;
    this.right = 0;
    this.wrong = 0;
    this.asked = null;
    byId("predict").addEventListener("click", () => this.turn());
  }

  turn() {
    this.isOn = !this.isOn;
    byId("predict").setAttribute("aria-pressed", String(this.isOn));
    if (!this.isOn) this.close();
    look(null);
    draw();
    say(this.isOn ? this.promise() : "No more questions.");
  }

  promise() {
    if (page.answer?.game?.secret) return "In a hunt nothing is asked: the answers would tell what they hold.";
    const but = page.answer?.priests?.some((priest) => priest.heresy) ? " Nothing is asked about a heretic's deeds." : "";
    return `Before a telling move you are asked what will come of it.${but}`;
  }

  close() {
    this.asked = null;
    byId("question").hidden = true;
  }

  /** Whether a move waits for an answer now. */
  async holds(command) {
    if (!this.isOn) return false;
    const script = `${page.answer.short};${command}`;
    const question = await inquire("question", script);
    if (!question) return false;
    this.asked = { script, command };
    const answers = question.answers.map((answer, i) => {
      const made = element("button", { type: "button" }, element("kbd", { class: "digit", "aria-hidden": "true" }, String(i + 1)), answer);
      made.addEventListener("click", () => this.answer(i));
      return made;
    });
    const box = byId("question");
    box.replaceChildren(element("h2", { tabindex: "-1" }, question.asks), element("div", { class: "answers" }, ...answers), this.score());
    box.hidden = false;
    answers[0].focus();
    return true;
  }

  score() {
    const asked = this.right + this.wrong;
    return element("p", { class: "quiet" }, asked === 0 ? "" : `${this.right} of ${asked} right`);
  }

  async answer(i) {
    const { script, command } = this.asked;
    const told = await inquire(`question?answer=${i}`, script);
    if (!told) return;
    if (told.isRight) this.right += 1;
    else this.wrong += 1;
    const box = byId("question");
    const on = element("button", { type: "button" }, "see it");
    on.addEventListener("click", () => {
      this.close();
      play(command);
    });
    box.replaceChildren(element("p", { class: told.isRight ? "right" : "wrong", role: "status" }, icon(told.isRight ? "kept" : "broken"), told.told), on, this.score());
    on.focus();
  }
}

/** The shortest run from here; a second press stops the search. */
class Shortest {
  constructor() {
    this.stop = null;
    byId("shortest").addEventListener("click", () => this.search());
  }

  async search() {
    if (this.stop) {
      this.stop.abort();
      return;
    }
    this.stop = new AbortController();
    byId("shortest").textContent = "stop";
    trouble(null);
    say("Searching; at most 20 seconds …", true);
    const told = await inquire("shortest", page.answer.short, this.stop.signal);
    const wasStopped = this.stop.signal.aborted;
    this.stop = null;
    byId("shortest").textContent = "shortest";
    say(wasStopped ? "The search was stopped." : told ? told.says.join(" ") : "");
    if (!told?.answer) return;
    const { moment, game } = page.answer;
    const isOther = beside.ends(told.answer).some((end) => end.moment === moment);
    const yours = game?.yours && isOther ? [`You needed ${counted(game.yours, "event")}: your run stands beside it, parted where they part.`] : [];
    // One who has seen the shortest run has not found it.
    page.shown = { begins: begins(told.answer.short), says: [...told.says, ...yours] };
    show(told.answer, told.answer.short !== page.answer.short);
    if (yours.length > 0) beside.compare(moment);
  }
}

/** The setting of a script in short. */
const begins = (short) => short.split(";").filter((it) => /^(basic|synod|parliament|hunt|h)\./.test(it)).join(";");

/** The game of `--heresy`: what it says, and the button of one who thinks that all are sound. */
function showGame(answer) {
  const box = byId("game");
  const { game } = answer;
  box.hidden = !game;
  if (!game) return;
  const isShown = page.shown?.begins === begins(answer.short);
  const says = isShown ? [game.says[0], ...page.shown.says] : game.says;
  const lines = says.map((line) => element("p", {}, ...withCode(line)));
  const many = game.movesBeforeSound;
  const deeds = [];
  if (game.secret) {
    const sound = element("button", { type: "button", title: "Say that all keep to the paper (!)", disabled: many > 0 }, "they are sound");
    sound.addEventListener("click", declareSound);
    deeds.push(sound, many > 0 ? element("span", { class: "quiet" }, `after ${counted(many, "more move")}`) : null);
  } else if (game.yours && !isShown) {
    const shows = element("button", { type: "button", title: "The shortest run, beside yours (S)" }, "show the shortest");
    shows.addEventListener("click", () => shortest.search());
    deeds.push(shows);
  }
  box.classList.toggle("over", !game.secret);
  box.replaceChildren(...lines, element("div", { class: "row" }, ...deeds, element("span", { class: "quiet" }, counted(game.events, "event"))));
}

/** Declares that all keep to the paper: the script says so from now on. */
function declareSound() {
  const { game } = page.answer ?? {};
  if (!game?.secret) return;
  if (game.movesBeforeSound > 0) {
    say(`This counts after ${counted(game.movesBeforeSound, "more move")}: try to break a rule first.`);
    return;
  }
  load(page.answer.short.replace(/^hunt\.\d+/, "$&.sound"), true);
}

/** Another branch beside this one. */
class Beside {
  constructor() {
    this.isOn = false;
    this.diagram = new Diagram(byId("other"));
    byId("beside").addEventListener("click", () => this.turn());
    byId("other-moment").addEventListener("change", (event) => {
      this.moment = Number(event.target.value);
      this.draw();
    });
  }

  /** The ends of the branches other than this one. */
  ends(answer) {
    const parents = new Set(answer.tree.map(({ parent }) => parent));
    return answer.tree.filter(({ moment }) => !parents.has(moment) && moment !== answer.moment);
  }

  /** What the page shows has changed. */
  update(answer) {
    const ends = this.ends(answer);
    byId("beside").hidden = ends.length === 0;
    if (ends.length === 0 && this.isOn) this.turn();
    if (!this.isOn) return;
    if (!ends.some(({ moment }) => moment === this.moment)) this.moment = ends.at(-1).moment;
    const options = ends.map(({ moment, move, broken }) => element("option", { value: String(moment), selected: moment === this.moment },
      `moment ${moment}: ${move ?? "the beginning"}${broken.length > 0 ? ` (${listed(broken)} broken)` : ""}`));
    byId("other-moment").replaceChildren(...options);
    this.draw();
  }

  /** Shows the way to this moment beside the present one. */
  compare(moment) {
    this.moment = moment;
    if (this.isOn) draw();
    else this.turn();
  }

  turn() {
    this.isOn = !this.isOn;
    byId("beside").setAttribute("aria-pressed", String(this.isOn));
    document.body.classList.toggle("is-beside", this.isOn);
    byId("other").hidden = !this.isOn;
    draw();
  }

  async draw() {
    const script = `${page.answer.short};go.${this.moment}`;
    const other = await inquire("answer", script);
    // Another one may have been asked for in the meantime.
    if (!other?.path || !this.isOn || script !== `${page.answer.short};go.${this.moment}`) return;
    const here = new Set(page.answer.path.map(({ moment }) => moment));
    const parted = other.path.find(({ moment }) => !here.has(moment))?.moment;
    this.diagram.draw(other, new Hues(other), (moment) => play(`go.${moment}`), parted);
    this.diagram.toTheEnd();
  }
}

/** One priest's view: what he wrote, read and sent; the rest is faint. */
class Mortal {
  constructor() {
    this.name = null;
    byId("mortal").addEventListener("click", () => this.next());
  }

  next() {
    const names = page.answer.priests.map(({ name }) => name);
    this.name = names[names.indexOf(this.name) + 1] ?? null;
    draw();
    say(this.name ? `As ${this.name} knows it.` : "As the gods see it.");
  }

  show(answer) {
    if (!answer.priests.some(({ name }) => name === this.name)) this.name = null;
    const { name } = this;
    byId("mortal").setAttribute("aria-pressed", String(name !== null));
    byId("mortal").textContent = name ? `as ${name}` : "view";
    document.body.classList.toggle("is-mortal", name !== null);
    if (name === null && !this.wasOn) return;
    this.wasOn = name !== null;
    for (const it of document.querySelectorAll("[data-of]")) {
      it.classList.toggle("beyond", name !== null && !it.dataset.of.split(" ").includes(name));
    }
  }
}

/** The heresy that all hold in this scene, if there is one that is no secret. */
function presentHeresy({ game, priests }) {
  const held = new Set(priests.map(({ heresy }) => heresy));
  return game?.hunt || held.size !== 1 ? "" : priests[0].heresy ?? "";
}

/** Offers the heresies of the chosen level, and stands on this one if it is among them. */
function fillHeresies(chosen = byId("begin-heresy").value) {
  const box = byId("begin-heresy");
  const [nobody, unknown] = page.ownHeresies;
  const level = byId("begin-level").value;
  const fit = page.start.heresies.filter(({ levels }) => levels.includes(level));
  box.replaceChildren(nobody, ...(isClass() ? [] : [unknown]), ...fit.map(({ name }) => element("option", { value: name }, name)));
  box.value = chosen;
  if (box.selectedIndex < 0) box.value = "";
  aboutHeresy();
}

/** What is said of the chosen heresy, and by whom it shows itself soonest. */
function aboutHeresy() {
  const { value } = byId("begin-heresy");
  const known = page.start.heresies.find(({ name }) => name === value);
  if (known?.priests) byId("begin-names").value = known.priests;
  byId("begin-names").disabled = value === "?";
  byId("begin-says").textContent = value === "?"
    ? "All here may hold a heresy, or none. Break a rule in as few events as you can, or say that they are sound."
    : known?.says ?? "";
}
