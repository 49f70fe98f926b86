// B, as the gods see it.

/** A row of B: a ballot, its quorum with the voters boxed, and how it stands. */
function ballotRow({ ballot, isMany, hue }) {
  const quorum = ballot.quorum.map((name) =>
    element("span", { class: `who ${hue}${ballot.voters.includes(name) ? " voted" : ""}` }, name));
  const spaced = quorum.flatMap((it, i) => (i > 0 ? [" ", it] : [it]));
  const many = ballot.quorum.length;
  const votes = many === 0 ? "quorum unknown" : `${ballot.voters.length} of ${many} voted`;
  return element("tr", { class: ballot.successful ? "successful" : "" },
    isMany ? element("td", {}, String(ballot.number)) : null,
    element("td", { class: `number ${hue}` }, ballot.ballot), element("td", { class: "decree" }, ballot.decree),
    element("td", {}, ...spaced), element("td", {}, ballot.successful ? "successful" : votes));
}

/** The table of B without its rows; or that there is none. */
function ballotTable(heads) {
  if (heads.length === 0) return element("p", { class: "none" }, "B, the set of ballots, is empty: none was begun.");
  const head = element("tr", {}, ...heads.map((it) => element("th", { scope: "col" }, it)));
  return element("table", {}, element("caption", {}, "B"), element("thead", {}, head), element("tbody"));
}

/** Draws B as a table. */
function drawBallots(answer, hues) {
  const isMany = answer.level === "parliament";
  const rows = answer.ballots.map((ballot) => ({ ballot, isMany, hue: hues.of(ballot.ballot) }));
  const heads = rows.length === 0 ? [] : [...(isMany ? ["number"] : []), "ballot", "decree", "quorum (boxed: voted)", "votes"];
  laid(byId("b"), [heads], ballotTable);
  if (rows.length > 0) laid(byId("b").querySelector("tbody"), rows, ballotRow);
}
