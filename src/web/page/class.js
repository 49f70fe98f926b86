// The class beside the playground: where phones come in, the question, and what was answered.

(() => {
"use strict";

const klass = { told: null, address: "", sending: null, isSending: false, asksOf: null };

/** Sends a wish of the teacher; whether it was done. */
async function wish(body) {
  let reply;
  try {
    reply = await fetch("class/do", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  } catch {
    trouble("The program that holds the class does not answer. Was it ended? The answers so far are gone with it.");
    return false;
  }
  if (reply.ok) return true;
  trouble((await reply.text()).trim());
  return false;
}

/** Takes the phones to the moment of this page: the latest, if moves are quicker than the network. */
async function takeAlong() {
  if (klass.isSending) return;
  klass.isSending = true;
  while (klass.sending !== null && !klass.told?.over) {
    const script = klass.sending;
    klass.sending = null;
    await wish({ do: "move", script });
  }
  klass.isSending = false;
}

const part = (id) => document.getElementById(`class-${id}`);

function buildBar() {
  const button = (id, words, does, more = {}) => {
    const made = element("button", { id: `class-${id}`, type: "button", ...more }, words);
    made.addEventListener("click", does);
    return made;
  };
  const future = element("input", { id: "class-future", type: "checkbox" });
  future.addEventListener("change", () => document.body.classList.toggle("hides-future", !future.checked));
  const whole = element("section", { id: "class", "aria-label": "Class" },
    element("p", { id: "class-projects", class: "quiet" }, "Project in full screen (F11): the address in the browser’s bar moves the class."),
    element("div", { id: "class-bar" },
      element("span", { id: "class-address" }),
      button("join", "show the code", openJoin),
      element("span", { id: "class-phones", role: "status" }),
      element("label", { class: "quiet" }, future, " show what would come"),
      element("span", { id: "class-deeds" },
        button("ask", "ask a question…", openAsk, { class: "first" }),
        button("end", "end the class…", () => part("end-dialog").showModal()))),
    element("div", { id: "class-question", hidden: true }));
  document.querySelector("main").before(whole);
  document.body.classList.add("holds-class", "hides-future");
}

function buildDialogs() {
  const close = () => element("button", { type: "submit" }, "close");
  const join = element("dialog", { id: "class-join-dialog", "aria-labelledby": "class-join-title" },
    element("form", { method: "dialog" },
      element("h2", { id: "class-join-title" }, "Come in with your phone"),
      element("img", { src: "class/qr.svg", alt: "The address as a code", id: "class-code" }),
      element("p", { id: "class-big" }),
      element("p", { id: "class-many" }),
      element("p", { class: "quiet" }, "No name, no account; nothing is kept. A phone that does not come in is in another network, "
        + "or the firewall of this machine keeps the port in the address closed."),
      element("div", { class: "row" }, element("button", { type: "submit", class: "first" }, "begin"))));
  const own = element("form", { id: "class-own" },
    element("h3", {}, "Your own"),
    element("label", {}, "The question ", element("input", { id: "class-own-text", autocomplete: "off", maxlength: 400 })),
    element("label", {}, "Two to six answers, one a line; * before the right one",
      element("textarea", { id: "class-own-answers", rows: 4, placeholder: "yes\n* no" })));
  own.addEventListener("submit", askOwn);
  const choose = element("dialog", { id: "class-ask-dialog", "aria-labelledby": "class-ask-title" },
    element("form", { method: "dialog" },
      element("h2", { id: "class-ask-title", tabindex: -1, autofocus: true }, "Ask the class", close()),
      element("h3", {}, "The next step of this scene"),
      element("ul", { id: "class-of-scene", class: "asks" }),
      element("h3", {}, "A common belief, put to the test"),
      element("ul", { id: "class-ready", class: "asks" })),
    own,
    element("div", { class: "row" },
      element("p", { id: "class-own-trouble", role: "alert" }),
      element("button", { type: "submit", form: "class-own" }, "ask my own question")));
  const end = element("dialog", { id: "class-end-dialog", "aria-labelledby": "class-end-title" },
    element("form", { method: "dialog" },
      element("h2", { id: "class-end-title" }, "End the class"),
      element("p", { id: "class-end-says" }, "The phones are told that it is over. The answers stay here until the program is stopped; save what you want to keep."),
      saving("misconceptions.csv", "totals per misconception"),
      saving("answers.csv", "every question and its answers"),
      element("p", {}, element("button", { type: "button", id: "class-script" }, "save the script"), " the moves of this page"),
      element("div", { class: "row" }, element("button", { id: "class-end-now", type: "submit", value: "end" }, "end the class"), close())));
  end.querySelector("form").addEventListener("submit", (event) => event.submitter?.value === "end" && wish({ do: "end" }));
  document.body.append(join, choose, end);
  part("script").addEventListener("click", save);
}

const saving = (name, what) => element("p", {}, element("a", { href: `class/${name}`, download: name }, name), ` ${what}`);

function openJoin() {
  part("join-dialog").showModal();
}

async function openAsk() {
  let all;
  try {
    all = await (await fetch("class/questions")).json();
  } catch {
    trouble("The program that holds the class does not answer.");
    return;
  }
  const choice = (body, title, ...words) => {
    const made = element("button", { type: "button", title }, ...words);
    made.addEventListener("click", async () => {
      part("ask-dialog").close();
      await wish(body());
    });
    return element("li", {}, made);
  };
  const scene = all.scene.map(({ key, says, asks }) =>
    choice(() => ({ do: "ask", script: page.answer.short, key }), says, asks, element("small", {}, says)));
  const none = element("li", { class: "none" }, "Nothing is asked at this moment: let a priest try a ballot, or deliver a letter. "
    + "About a heretic's deeds nothing is ever asked.");
  part("of-scene").replaceChildren(...(scene.length > 0 ? scene : [none]));
  part("ready").replaceChildren(...all.ready.map(({ number, belief, asks }) =>
    // What it is about stands in the title only: the students look on.
    choice(() => ({ do: "ready", number }), `${number}. ${belief}`, `${number}. ${asks}`)));
  part("own-trouble").textContent = "";
  part("ask-dialog").showModal();
}

async function askOwn(event) {
  event.preventDefault();
  const lines = part("own-answers").value.split("\n").map((line) => line.trim()).filter(Boolean);
  const right = lines.findIndex((line) => line.startsWith("*"));
  const body = { do: "own", text: part("own-text").value, answers: lines.map((line) => line.replace(/^\*\s*/, "")), right: right < 0 ? null : right };
  if (await wish(body)) {
    part("ask-dialog").close();
    part("own").reset();
  } else {
    part("own-trouble").textContent = byId("trouble").textContent;
    trouble(null);
  }
}

/** The steps of a question at each stage: the next one first. */
function steps({ stage, hasRight, key }) {
  const reveal = hasRight ? [["reveal", "show the right answer"]] : [];
  const does = key && page.answer?.offers.some((offer) => offer.key === key) ? [["go", "let it happen"]] : [];
  return [...({
    first: [["close", "close the round"]],
    talk: [["again", "ask again"], ...reveal],
    second: [["close", "close the round"]],
    closed: reveal,
    revealed: does,
  })[stage], ["away", "put it away"]];
}

const STAGE = { first: "Answer alone", talk: "Talk with your neighbours", second: "Answer again", closed: "Before and after talking", revealed: "The answer" };

function drawQuestion(asked) {
  const box = part("question");
  box.hidden = !asked;
  document.body.classList.toggle("is-asking", Boolean(asked) && asked.stage !== "revealed" && asked.key !== null);
  if (!asked) return;
  const many = klass.told.phones + klass.told.asleep;
  const counts = asked.round ? `${asked.answered} of ${many} have answered` : "";
  const held = document.activeElement?.dataset?.step;
  const rows = asked.answers.map((text, i) => element("li", { class: asked.right === i ? "right" : "" },
    element("span", { class: "text" }, asked.right === i ? "✓ " : "", text),
    ...[["first", asked.first], ["second", asked.second]].filter(([, all]) => all).map(([name, all]) => bar(name, all, i, Boolean(asked.second)))));
  const deeds = steps(asked).map(([step, words], i) => {
    const made = element("button", { type: "button", "data-step": step, class: i === 0 ? "first" : "" }, words);
    made.addEventListener("click", () => (step === "go" ? go(asked.key) : wish({ do: step })));
    return made;
  });
  box.replaceChildren(...[
    element("p", { class: "stage" }, element("b", {}, `Question ${asked.number}. ${STAGE[asked.stage]}`), " ", element("span", { role: "status" }, counts)),
    element("h2", {}, asked.asks),
    element("ol", { type: "A" }, ...rows),
    asked.because ? element("p", { class: "because" }, asked.because) : null,
    element("p", { class: "deeds" }, ...deeds)].filter(Boolean));
  if (held) (box.querySelector(`[data-step="${held}"]`) ?? box.querySelector("[data-step]"))?.focus();
}

function bar(name, all, i, isNamed) {
  const sum = all.reduce((total, many) => total + many, 0);
  const fill = element("i");
  fill.style.setProperty("--share", `${sum ? (100 * all[i]) / sum : 0}%`);
  return element("span", { class: `bar-row ${name}${isNamed ? " named" : ""}` }, isNamed ? element("span", { class: "when" }, name) : null,
    element("span", { class: "bar", "aria-hidden": "true" }, fill), element("b", {}, String(all[i])));
}

function hear(told) {
  const wasOver = klass.told?.over;
  klass.told = told;
  const phones = counted(told.phones, "phone");
  const more = [told.asleep > 0 ? `${told.asleep} asleep` : "", told.onTheirOwn > 0 ? `${told.onTheirOwn} on their own` : ""].filter(Boolean);
  part("phones").textContent = [phones, ...more].join(", ");
  // A school's network may give one address to all; a student with many phones has it alone.
  part("phones").title = told.ofOneAddress > 3 ? `${told.ofOneAddress} of them come from one address` : "";
  part("many").textContent = told.phones > 0 ? `${phones} ${told.phones === 1 ? "is" : "are"} here` : "Nobody is here yet";
  part("ask").disabled = told.over || Boolean(told.question?.round);
  part("end-now").hidden = told.over;
  document.body.classList.toggle("class-over", told.over);
  if (told.over) part("phones").textContent = "The class is over.";
  part("end").textContent = told.over ? "save…" : "end the class…";
  drawQuestion(told.question);
  if (told.over && !wasOver) {
    part("end-title").textContent = "The class is over";
    part("end-says").textContent = "The phones have been told. Save what you want to keep before you stop the program in the terminal.";
    if (!part("end-dialog").open) part("end-dialog").showModal();
  }
}

/** While a question about the scene is open, no key makes a move by mistake. */
function guardKeys(event) {
  if (document.body.classList.contains("is-asking") && /^[1-9jklrcuU]$/.test(event.key) && !event.target.closest("input, textarea, select, dialog[open]")) {
    event.stopImmediatePropagation();
  }
}

async function holdClass() {
  buildBar();
  buildDialogs();
  document.addEventListener("keydown", guardKeys, true);
  document.addEventListener("moment", ({ detail }) => {
    if (detail.short === klass.last) return;
    klass.last = detail.short;
    if (!detail.short || detail.short.startsWith("hunt.")) {
      trouble("In a hunt it is not told what the priests hold, so the phones stay where they are.");
      return;
    }
    klass.sending = detail.short;
    takeAlong();
  });
  const about = await (await fetch("class")).json();
  klass.address = about.address;
  part("address").textContent = about.address;
  part("big").textContent = about.address;
  const stream = new EventSource("class/stream");
  let isFirst = true;
  stream.addEventListener("class", ({ data }) => {
    hear(JSON.parse(data));
    if (isFirst && klass.told.asked === 0 && !klass.told.over) openJoin();
    isFirst = false;
  });
}

holdClass();
})();
