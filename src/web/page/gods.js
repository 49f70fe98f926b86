// B, as the gods see it.

/** Draws B as a table: each ballot, its quorum with the voters boxed, and how it stands. */
function drawBallots(answer, hues) {
  const isMany = answer.level === "parliament";
  const rows = answer.ballots.map((ballot) => {
    const hue = hues.of(ballot.ballot);
    const quorum = ballot.quorum.map((name) =>
      element("span", { class: `who ${hue}${ballot.voters.includes(name) ? " voted" : ""}` }, name));
    const spaced = quorum.flatMap((it, i) => (i > 0 ? [" ", it] : [it]));
    const many = ballot.quorum.length;
    const votes = many === 0 ? "quorum unknown" : `${ballot.voters.length} of ${many} voted`;
    return element("tr", { class: ballot.successful ? "successful" : "" },
      isMany ? element("td", {}, String(ballot.number)) : null,
      element("td", { class: `number ${hue}` }, ballot.ballot), element("td", { class: "decree" }, ballot.decree),
      element("td", {}, ...spaced), element("td", {}, ballot.successful ? "successful" : votes));
  });
  if (rows.length === 0) {
    byId("b").replaceChildren(element("p", { class: "none" }, "B, the set of ballots, is empty: none was begun."));
    return;
  }
  const head = element("tr", {}, ...[isMany ? "number" : null, "ballot", "decree", "quorum (boxed: voted)", "votes"].filter((it) => it !== null)
    .map((it) => element("th", { scope: "col" }, it)));
  byId("b").replaceChildren(element("table", {}, element("caption", {}, "B"), element("thead", {}, head), element("tbody", {}, ...rows)));
}
