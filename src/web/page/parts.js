"use strict";

// What all parts of the page share. Nothing of a rule is decided here: the page draws what the server
// answers.

const SVG = "http://www.w3.org/2000/svg";

const byId = (id) => document.getElementById(id);

function dressed(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

/** An element with attributes and children; texts stay texts. */
const element = (name, attributes = {}, ...children) => dressed(document.createElement(name), attributes, children);

/** An element of a drawing. */
const svg = (name, attributes = {}, ...children) => dressed(document.createElementNS(SVG, name), attributes, children);

const icon = (name) => svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `#i-${name}` }));

/** The rows of each list, by what they are made from. */
const LAID = new WeakMap();

/** Lays rows into a list. A row is made from its item alone, so one whose item is there already stays as it is. */
function laid(list, items, make) {
  const before = LAID.get(list) ?? new Map();
  const now = new Map();
  const rows = items.map((item) => {
    const key = JSON.stringify(item);
    const row = before.get(key)?.shift() ?? make(item);
    if (now.has(key)) now.get(key).push(row);
    else now.set(key, [row]);
    return row;
  });
  LAID.set(list, now);
  for (const gone of [...before.values()].flat()) gone.remove();
  let next = list.firstChild;
  for (const row of rows) {
    if (row === next) next = row.nextSibling;
    else list.insertBefore(row, next);
  }
}

/** A text, of which the parts between grave accents are typed or pressed. */
const withCode = (text) => text.split("`").map((part, i) => (i % 2 === 1 ? element("code", {}, part) : part));

/** Words that are heard, and not seen. */
const unseen = (words) => element("span", { class: "unseen" }, words);

/** Which ink each ballot is drawn in, by the order in which ballots came up. */
class Hues {
  constructor(answer) {
    this.known = new Map();
    for (const { ballot } of answer.letters) this.of(ballot);
    for (const { ballot } of answer.ballots) this.of(ballot);
  }

  of(ballot) {
    if (!ballot) return "b-";
    if (!this.known.has(ballot)) this.known.set(ballot, this.known.size % 6);
    return `b${this.known.get(ballot)}`;
  }

  /** The ink of the first ballot that a text names. */
  in(text) {
    const named = text.split(" ").find((word) => this.known.has(word));
    return named ? this.of(named) : "b-";
  }
}

/** How a letter's way is drawn: each kind by its dash as well as by its ballot's ink. */
const WAYS = {
  NextBallot: "thin", LastVote: "thin dashed", BeginBallot: "thick", Voted: "thick dashed", Success: "dotted",
  Refused: "refusal", Failed: "refusal",
};
const way = (kind) => WAYS[kind] ?? "talk";

/** A section sign before the number of a section. */
const section = (number) => (/^[\dA]/.test(number) ? `§${number}` : number === "heresy" ? "heresy" : "");

const counted = (many, what) => `${many} ${what}${many === 1 ? "" : "s"}`;

/** A number as people read it. */
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** Names, one after another. */
const listed = (names) => names.join(", ");
