// The panels beside the lifelines: the bag, deeds, ledgers, B and the rules, moments, the story.

/** The consequence of an offer in one line. */
function consequence(offer) {
  if (!offer.enabled) return `ignored: ${offer.guard}`;
  const parts = offer.inks.map(({ priest, row }) => `${priest === offer.who ? "" : `${priest} `}inks ${row}`);
  const sent = new Map();
  for (const { text, to } of offer.sends) sent.set(text, [...(sent.get(text) ?? []), to]);
  for (const [text, to] of sent) parts.push(`sends ${text} to ${listed(to)}`);
  if (parts.length === 0) parts.push(...offer.lines.map(({ text }) => text));
  return parts.join(" · ");
}

const keyCap = (digit) => element("kbd", { class: "digit", "aria-hidden": "true" }, digit);

class Panels {
  /** `heard` is told which offer was chosen, and on which one somebody looks. */
  constructor(heard) {
    this.heard = heard;
  }

  draw(answer, hues) {
    this.answer = answer;
    this.hues = hues;
    this.number = 0;
    this.bag();
    this.deeds();
    this.desks();
    this.rules();
    drawBallots(answer, hues);
  }

  /** A button that makes a move, and shows what would come of it before. */
  button(offer, classes, label, ...children) {
    const isGrey = !offer.enabled && !predict.isOn;
    const made = element("button", {
      type: "button", class: `${classes}${isGrey ? " grey" : ""}`, "data-key": offer.key, "aria-label": label,
    }, ...children);
    made.addEventListener("click", () => this.heard.chosen(offer));
    made.addEventListener("focus", () => !page.isRefocusing && this.heard.looked(offer));
    made.addEventListener("mouseenter", () => this.heard.looked(offer));
    made.addEventListener("mouseleave", () => this.heard.looked(null));
    made.addEventListener("blur", () => this.heard.looked(null));
    return made;
  }

  /** The number of the next choice, as its key shows it. */
  digit() {
    this.number += 1;
    return this.number <= 9 ? String(this.number) : "";
  }

  /** What else is said of an offer: what comes of it, the section, what it breaks. */
  below(offer) {
    if (predict.isOn) return null;
    const breaks = offer.breaks.map(({ rule }) => element("strong", { class: "breaks" }, `breaks ${rule}`));
    return element("span", { class: "below" }, consequence(offer), " ", element("i", {}, section(offer.section)), ...breaks);
  }

  bag() {
    const letters = new Map();
    for (const offer of this.answer.offers.filter(({ letter }) => letter !== null)) {
      letters.set(offer.letter, [...(letters.get(offer.letter) ?? []), offer]);
    }
    const known = new Map(this.answer.letters.map((letter) => [letter.id, letter]));
    const rows = [...letters].map(([id, offers]) => {
      const letter = known.get(id);
      return { letter, offers, hue: this.hues.of(letter.ballot), digit: this.digit(), isAsked: predict.isOn };
    });
    laid(byId("bag"), rows.length > 0 ? rows : [null], (row) => (row ? this.letter(row) : element("li", { class: "none" }, "No letter is under way.")));
    byId("bag-count").textContent = this.answer.bag.length === 0 ? "" : `${counted(this.answer.bag.length, "letter")} under way`;
  }

  letter({ letter, offers, hue, digit }) {
    const [read] = offers.filter(({ key }) => key.startsWith("d."));
    const rest = offers.filter((offer) => offer !== read);
    const copies = read && read.copies > 1 ? ` (${read.copies} copies)` : "";
    const line = svg("svg", { class: `sign way ${way(letter.kind)} ${hue}`, viewBox: "0 0 26 12", "aria-hidden": "true" },
      svg("line", { x1: 1, y1: 6, x2: 19, y2: 6 }), svg("polygon", { points: "25,6 17,2.5 17,9.5" }));
    const words = element("span", { class: "what" }, line, element("b", { class: hue }, letter.text), " ",
      element("span", { class: "way-of" }, letter.from, unseen(" to "), element("span", { "aria-hidden": "true" }, " → "), letter.to, copies));
    const row = element("li", { "data-of": `${letter.from} ${letter.to}` });
    if (read) row.append(this.button(read, "main", null, keyCap(digit), unseen("deliver "), words, unseen(": "), this.below(read)));
    const small = rest.map((offer) => {
      const verb = offer.move.split(" ")[0];
      return this.button(offer, "small", `${verb} ${letter.text}, ${letter.from} to ${letter.to}`, verb);
    });
    row.append(element("span", { class: "more" }, ...small));
    return row;
  }

  deeds() {
    const by = new Map(this.answer.priests.map(({ name }) => [name, []]));
    const others = [];
    for (const offer of this.answer.offers.filter(({ letter }) => letter === null)) {
      if (by.has(offer.who)) by.get(offer.who).push(offer);
      else others.push(offer);
    }
    const isAsked = predict.isOn;
    const numbered = (all) => all.map((offer) => ({ offer, digit: this.digit() }));
    const rows = others.map((offer) => ({ name: null, deeds: numbered([offer]), crashes: [], isAsked }));
    for (const [name, offers] of by) {
      const crashes = offers.filter(({ key }) => key.startsWith("c."));
      rows.push({ name, deeds: numbered(offers.filter((offer) => !crashes.includes(offer))), crashes, isAsked });
    }
    laid(byId("deeds"), rows, (row) => this.deedsOf(row));
  }

  deedsOf({ name, deeds, crashes }) {
    const buttons = deeds.map((deed) => this.deed(deed, name));
    if (!name) return element("li", {}, ...buttons);
    return element("li", { class: "of-priest", "data-of": name }, element("span", { class: "who" }, name), ...buttons,
      crashes.length > 0 ? this.crashes(crashes, name) : null);
  }

  deed({ offer, digit }, name) {
    const words = name ? offer.move.replace(` ${name}`, "") : offer.move;
    return this.button(offer, "deed", null, keyCap(digit), unseen(name ? `${name}: ` : ""), element("span", { class: "what" }, words), unseen(": "),
      this.below(offer));
  }

  crashes(offers, name) {
    const all = element("span", { class: "crashes", role: "group", "aria-label": `crash ${name}` }, element("span", { class: "quiet" }, "crash"));
    for (const offer of offers) {
      const how = offer.move.replace(`crash ${name}`, "").trim() || "now";
      all.append(this.button(offer, "small", `crash ${name} ${how}: ${consequence(offer)}`, how));
    }
    return all;
  }

  /** Rows that a later one of the same note replaces. */
  static replaced(ledger) {
    const last = new Map();
    const note = ({ kind, text }) => {
      if (kind === "lastTried" || kind === "nextBal") return kind;
      if (kind === "prevVote") return `${kind} ${/^prevVote (\d+) /.exec(text)?.[1] ?? ""}`;
      return null;
    };
    ledger.forEach((row, i) => note(row) && last.set(note(row), i));
    return ledger.map((row, i) => Boolean(note(row)) && last.get(note(row)) !== i);
  }

  desks() {
    const accused = new Set();
    for (const { broken } of this.answer.rules) for (const { rows } of broken) for (const { priest, row } of rows) accused.add(`${priest} ${row}`);
    const last = this.answer.path.at(-1).events.filter(({ event }) => event === "inks");
    const { priests } = this.answer;
    laid(byId("desks"), priests.map(({ name }) => name), (name) => element("article", { class: "ledger", "data-name": name, "data-of": name },
      element("h3", {}, name, " ", element("small")), element("ul", { class: "rows" }), element("ul", { class: "rows ghost-rows", "aria-hidden": "true" })));
    [...byId("desks").children].forEach((card, i) => {
      const fresh = last.filter((event) => event.priest === priests[i].name).length;
      this.desk(card, priests[i], fresh, accused);
    });
  }

  desk(card, priest, fresh, accused) {
    const { name, weight, present, heresy, alarm, ledger, slip } = priest;
    const facts = [present ? "" : "away", weight > 1 ? `weight ${weight}` : "", heresy ? `holds ${heresy}` : "",
      alarm !== null ? `looks at his hourglass at ${alarm}` : "", priest.crash ?? ""].filter(Boolean);
    card.classList.toggle("out", !present);
    card.querySelector("small").textContent = facts.join("; ");
    const replaced = Panels.replaced(ledger);
    const items = ledger.map(({ kind, text }, i) => {
      const classes = [replaced[i] ? "old" : "", kind === "outcome" ? "outcome" : "", i >= ledger.length - fresh ? "changed" : "",
        accused.has(`${name} ${text}`) ? "accused" : ""].filter(Boolean).join(" ");
      return { kind, rest: text.slice(kind.length), classes, hue: this.hues.in(text) };
    }).filter(({ kind }) => kind !== "entered");
    laid(card.querySelector(".rows"), items.length > 0 ? items : [null], Panels.row);
    card.querySelector(".ghost-rows").replaceChildren();
    card.querySelector(".paperslip")?.remove();
    const notes = Object.entries(slip);
    if (notes.length > 0) {
      const list = element("dl", { class: "paperslip", "aria-label": `${name}'s slip of paper` });
      for (const [what, text] of notes) list.append(element("div", {}, element("dt", {}, what), element("dd", {}, text)));
      card.append(list);
    }
  }

  /** A row of a ledger. */
  static row(item) {
    if (!item) return element("li", { class: "none" }, "blank");
    return element("li", { class: item.classes }, element("span", { class: "kind" }, item.kind), element("span", { class: item.hue }, item.rest));
  }

  /** Shows in the ledgers what an offer would ink. */
  ghost(offer) {
    for (const rows of document.querySelectorAll(".ghost-rows")) rows.replaceChildren();
    for (const { priest, row } of offer?.inks ?? []) {
      const desk = [...document.querySelectorAll(".ledger")].find((it) => it.dataset.name === priest);
      desk?.querySelector(".ghost-rows").append(element("li", {}, row));
    }
  }

  rules() {
    const rules = this.answer.rules;
    const broken = rules.filter(({ holds }) => !holds);
    const chips = rules.map(({ rule, holds, says, section: of }) => ({ rule, holds, says, of, isOpen: this.opened === rule }));
    laid(byId("rules"), chips, ({ rule, holds, says, of, isOpen }) => {
      const chip = element("button", {
        type: "button", class: `rule ${holds ? "kept" : "broken"}`, "aria-label": `${rule} ${holds ? "holds" : "is broken"}: ${says}`,
        "aria-pressed": String(isOpen), title: `${rule}: ${says} (§${of})`,
      }, icon(holds ? "kept" : "broken"), rule);
      chip.addEventListener("click", () => {
        this.opened = isOpen ? null : rule;
        this.rules();
        [...byId("rules").children].find((it) => it.textContent === rule)?.focus();
      });
      return chip;
    });
    const shown = rules.find(({ rule }) => rule === this.opened) ?? broken[0];
    const line = byId("rule");
    line.hidden = !shown;
    line.className = shown && !shown.holds ? "wrong" : "";
    line.replaceChildren(...(shown ? this.told(shown) : []));
  }

  told(rule) {
    const told = [element("b", {}, `${rule.rule} ${rule.holds ? "holds" : "is broken"}`), `: ${rule.says} (§${rule.section}).`];
    // Moments are numbered over all branches; one who looks at this way counts its steps.
    const step = this.answer.path.findIndex(({ moment }) => moment === rule.firstBroken);
    const since = step < 0 ? "" : step === 0 ? "since the beginning" : `since step ${step} of this way`;
    for (const { why, rows } of rule.broken) {
      const by = rows.length > 0 ? `by ${rows.map(({ priest, row }) => `${priest}'s ${row}`).join("; ")}` : "";
      const both = [by, since].filter(Boolean).join(", ");
      told.push(` ${why[0].toUpperCase()}${why.slice(1)}.`, both ? ` Broken ${both}.` : "");
    }
    return told;
  }
}

/** The room of a dot, in pixels. */
const DOT = 18;

/** The tree of moments as rows of dots: a row a branch. */
function momentDots(answer, chosen) {
  const depth = [0];
  const lane = [0];
  let lanes = 1;
  const hasChild = new Set();
  answer.tree.forEach(({ parent }, at) => {
    if (parent === null) return;
    depth[at] = depth[parent] + 1;
    lane[at] = hasChild.has(parent) ? (lanes += 1) - 1 : lane[parent];
    hasChild.add(parent);
  });
  const path = new Set(answer.path.map(({ moment }) => moment));
  const items = answer.tree.map(({ moment, move, broken }) => {
    const isHere = moment === answer.moment;
    const words = `moment ${moment}: ${move ?? "the beginning"}${broken.length > 0 ? `; ${listed(broken)} broken` : ""}`;
    const classes = `dot${isHere ? " here" : ""}${path.has(moment) ? " past" : ""}${broken.length > 0 ? " red" : ""}`;
    return { moment, words, isHere, classes, column: depth[moment], row: lane[moment] };
  });
  const list = byId("moments").querySelector("ol");
  list.style.width = `${DOT * (Math.max(...depth) + 1)}px`;
  list.style.height = `${DOT * lanes}px`;
  laid(list, items, ({ moment, words, isHere, classes, column, row }) => {
    const dot = element("button", {
      type: "button", class: classes, "aria-label": words, title: words, "aria-current": isHere ? "step" : undefined,
      tabindex: isHere ? "0" : "-1", "data-moment": moment,
    });
    dot.addEventListener("click", () => chosen(moment));
    const item = element("li", {}, dot);
    item.style.left = `${DOT * column}px`;
    item.style.top = `${DOT * row}px`;
    return item;
  });
}

/** The story as a list: a step each, with all that was said. */
function storyList(answer, chosen) {
  const items = answer.path.slice(1).map(({ moment, move, events }) =>
    ({ moment, move, said: events.filter(({ event }) => event === "said"), isHere: moment === answer.moment }));
  laid(byId("story").querySelector("ol"), items, ({ moment, move, said, isHere }) => {
    const at = element("button", { type: "button", class: "at", title: `to moment ${moment}` }, move);
    at.addEventListener("click", () => chosen(moment));
    const lines = said.map((it) => element("div", { class: it.section === "heresy" ? "fault" : "" }, `${it.text} `, element("i", {}, section(it.section))));
    return element("li", { "aria-current": isHere ? "step" : undefined }, at, ...lines);
  });
}
