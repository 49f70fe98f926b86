// The playground as a person meets it: `parliament play --open`, in a headless Chromium.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { overprinted, scrollsSideways } from "./measures.js";
import { accessible, accessibleByDayAndNight, endAll, env, launch, opened, ready, start } from "./pages.js";

let browser;
let served;

const serve = (...more) => start("play", "--open", ...more);

before(async () => {
  browser = await launch();
  served = await serve();
});
after(async () => {
  await browser.close();
  endAll();
});

const THREE = "basic.Dwork.Gray.Oki";
const HALFWAY = `${THREE};t.1.Dwork;d.Dwork.Dwork.NB1;d.Dwork.Gray.NB1;d.Dwork.Dwork.LV1;d.Gray.Dwork.LV1;b.Dwork.α;d.Dwork.Gray.BB1;u;`
  + "l.Dwork.Gray.BB1;c.Oki;t.2.Gray;d.Gray.Dwork.NB2";
const OWN_DECREE = ["t.1.Dwork", "d.Dwork.Dwork.NB1", "d.Dwork.Dwork.LV1", "d.Dwork.Fischer.NB1", "d.Fischer.Dwork.LV1", "b.Dwork.α",
  "t.2.Dwork", "d.Dwork.Dwork.NB2", "d.Dwork.Dwork.LV2", "d.Dwork.Fischer.BB1", "d.Dwork.Fischer.NB2", "d.Fischer.Dwork.LV2", "b.Dwork.β"];
const BROKEN = `basic.Dwork.Fischer.Gray;h.all.own-decree;${OWN_DECREE.join(";")}`;
const PARLIAMENT = "parliament.Dwork.Gray.Oki;e.Oki;e.Gray;e.Dwork;m.1;da;m.22;da;p.Gray.Goats_may_graze;da";

/** The page at this script. */
async function open(script = "", { at = served.first, ...more } = {}) {
  const it = await opened(browser, script ? `${at}#${script}` : at, more);
  await ready(it.page);
  return it;
}

const moment = (page) => page.evaluate(() => document.documentElement.dataset.moment);
const offer = (page, key) => page.locator(`[data-key="${key}"]`);
const broken = (page) => page.locator(".rule.broken").allTextContents();

/** Does something, and waits until another moment is shown. */
async function moves(page, act) {
  const from = await moment(page);
  await act();
  await page.waitForFunction((it) => document.documentElement.dataset.moment !== it, from);
}

const click = (page, key) => moves(page, () => offer(page, key).click());

test("a student finds the shortest counterexample to own-decree by hand", async () => {
  const { page, complaints } = await open();
  await page.getByRole("button", { name: "new…" }).click();
  await page.selectOption("#begin-heresy", "own-decree");
  await page.getByRole("button", { name: "begin", exact: true }).click();
  await page.waitForFunction(() => document.querySelector("#game p"));
  assert.match(await page.textContent("#game"), /All here hold own-decree/);
  for (const key of OWN_DECREE) {
    assert.deepEqual(await broken(page), [], `before ${key}`);
    await click(page, key);
  }
  assert.deepEqual(await broken(page), ["B3"]);
  assert.match(await page.textContent("#rule"), /^B3 is broken: .* Broken by .*beginBallot 2\.Dwork β.*, since step 13 of this way\.$/);
  assert.ok(await page.locator(".rows .accused").count() > 0, "the rows that break it are marked");
  assert.match(await page.textContent("#game"), /You needed 13 events\. The proved shortest has 13/);
  assert.match(await page.textContent("#why"), /heresy/);
  await moves(page, () => page.keyboard.press("u"));
  assert.deepEqual(await broken(page), []);
  await moves(page, () => page.goBack());
  assert.deepEqual(await broken(page), ["B3"], "back is back");
  assert.deepEqual(complaints, []);
});

test("the address is the scene: reloading, a link and a new server show the same moment", async () => {
  const { page } = await open();
  await click(page, "t.1.Dwork");
  await click(page, "d.Dwork.Gray.NB1");
  const hash = new URL(page.url()).hash;
  assert.equal(hash, `#${THREE};t.1.Dwork;d.Dwork.Gray.NB1`);
  await page.reload();
  await ready(page);
  assert.equal(await moment(page), "2");
  const [one, two] = [await serve(), await serve()];
  const other = await open(hash.slice(1), { at: one.first });
  assert.equal(await moment(other.page), "2");
  await one.end();
  await offer(other.page, "d.Gray.Dwork.LV1").click();
  await other.page.waitForSelector("#trouble:not([hidden])");
  assert.match(await other.page.textContent("#trouble"), /does not answer.*nothing is lost/);
  await other.page.goto(two.first + new URL(other.page.url()).hash);
  await ready(other.page);
  await click(other.page, "d.Gray.Dwork.LV1");
  assert.equal(await moment(other.page), "3");
  await two.end();
});

test("undo, redo and branches throw nothing away", async () => {
  const { page } = await open(`${THREE};t.1.Dwork`);
  await click(page, "d.Dwork.Gray.NB1");
  await moves(page, () => page.getByRole("button", { name: "Undo" }).click());
  await click(page, "l.Dwork.Gray.NB1");
  assert.equal(await page.locator(".dot").count(), 4);
  await moves(page, () => page.locator('.dot[data-moment="2"]').click());
  assert.match(await page.textContent("#why"), /Gray promises 1\.Dwork/);
  await moves(page, () => page.getByRole("button", { name: "Undo" }).click());
  await moves(page, () => page.getByRole("button", { name: "Redo" }).click());
  assert.equal(await moment(page), "3", "redo is to the latest");
  await page.getByRole("button", { name: "beside" }).click();
  await page.waitForSelector("#other svg .parted", { state: "attached" });
  assert.equal(await page.locator("#other .step").count(), 2);
});

test("a whole ballot is played by keyboard alone, and the focus stays", async () => {
  const { page } = await open();
  await page.keyboard.press("j");
  assert.match(await page.evaluate(() => document.activeElement.dataset.key), /^t\.1\.Dwork$/);
  await moves(page, () => page.keyboard.press("Enter"));
  // Every letter, the first of the bag each time, until Dwork can begin; then again.
  for (let i = 0; i < 40 && await page.locator(".rows .outcome").count() === 0; i += 1) {
    const begins = await page.evaluate(() => choices().findIndex((it) => it.dataset.key === "b.Dwork.α" && !it.classList.contains("grey")) + 1);
    await moves(page, () => page.keyboard.press(begins > 0 && begins < 10 ? String(begins) : "1"));
  }
  assert.equal(await page.locator("#b .successful").count(), 1);
  assert.match(await page.textContent("#why"), /passes 1\.Dwork/);
  await page.keyboard.press("j");
  const key = await page.evaluate(() => document.activeElement.dataset.key);
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await page.evaluate(() => document.activeElement.dataset.key), key);
  for (let i = 0; i < 20; i += 1) await page.keyboard.press("k");
  await moves(page, () => page.keyboard.press("l"));
  assert.match(await page.textContent("#why"), /^lost: Success/);
  assert.ok(await page.evaluate(() => document.activeElement.matches("#choices button")), "the focus is among the choices");
  await moves(page, () => page.keyboard.press("u"));
  await page.keyboard.press("b");
  await page.keyboard.press("ArrowLeft");
  await moves(page, () => page.keyboard.press("Enter"));
  await page.keyboard.press("?");
  assert.ok(await page.locator("#keys-dialog").isVisible());
  await page.keyboard.press("Escape");
  await page.keyboard.press(".");
  assert.ok(await page.locator("#blank").isVisible());
  await page.keyboard.press("x");
  assert.ok(!await page.locator("#blank").isVisible());
  await page.keyboard.press("c");
  assert.match(await page.evaluate(() => document.activeElement.dataset.key), /^c\./);
});

test("since when a rule is broken is counted on this way", async () => {
  const { page } = await open(`basic.Dwork.Fischer.Gray;h.all.own-decree;t.1.Gray;u;${OWN_DECREE.join(";")}`);
  assert.equal(await moment(page), "14");
  assert.match(await page.textContent("#rule"), /, since step 13 of this way\.$/);
});

for (const [width, height] of [[1280, 800], [390, 844]]) {
  test(`the explanation stands there whole at ${width}, and no word of B is broken`, async () => {
    const { page } = await open(BROKEN, { width, height });
    const cut = await page.locator("#why").evaluate((it) => [it.scrollHeight - it.clientHeight, it.parentElement.clientHeight - it.offsetHeight]);
    assert.equal(cut[0], 0);
    assert.ok(cut[1] >= 0);
    const words = await page.locator("#b th, #b td").evaluateAll((all) => all.flatMap((cell) => {
      const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      const broken = [];
      while (walker.nextNode()) {
        for (const { 0: word, index } of walker.currentNode.textContent.matchAll(/\S+/g)) {
          const range = document.createRange();
          range.setStart(walker.currentNode, index);
          range.setEnd(walker.currentNode, index + word.length);
          if (range.getClientRects().length > 1) broken.push(word);
        }
      }
      return broken;
    }));
    assert.deepEqual(words, []);
    assert.equal(await page.locator("#b").evaluate((it) => it.scrollWidth - it.clientWidth), 0);
  });
}

test("another scene begins from what is played now, never with a hunt", async () => {
  for (const [script, heresy, names] of [[THREE, "", "Dwork Gray Oki"], [BROKEN, "own-decree", "Dwork Fischer Gray"], ["hunt.3", "", null]]) {
    const { page } = await open(script);
    await page.keyboard.press("n");
    assert.equal(await page.inputValue("#begin-heresy"), heresy, script);
    if (names) assert.equal(await page.inputValue("#begin-names"), names);
    await page.selectOption("#begin-level", "synod");
    assert.notEqual(await page.inputValue("#begin-heresy"), "?");
    const paper = () => page.locator("#begin-names").evaluate((it) => [getComputedStyle(it).borderTopStyle, getComputedStyle(it).opacity].join());
    const usual = await paper();
    await page.selectOption("#begin-heresy", "?");
    assert.ok(await page.isDisabled("#begin-names"));
    assert.notEqual(await paper(), usual, "what is not taken looks so");
  }
});

test("in large type the names stand clear of the line below", async () => {
  const { page } = await open(HALFWAY);
  await page.keyboard.press("P");
  const room = await page.locator(".names").evaluate((it) => Math.min(...[...it.children].map((name) => it.getBoundingClientRect().bottom - name.getBoundingClientRect().bottom)));
  assert.ok(room >= 1, String(room));
});

test("a choice shows in ghost ink what would come of it, and grey says why", async () => {
  const { page } = await open(HALFWAY);
  await offer(page, "d.Gray.Gray.NB2").focus();
  assert.match(await page.textContent(".ghosts"), /nextBal 2\.Gray/);
  assert.ok(await page.locator(".ghosts .way").count() > 1);
  assert.equal(await page.textContent(".ghost-rows li"), "nextBal 2.Gray");
  assert.match(await page.textContent("#would"), /Gray promises 2\.Gray/);
  const grey = offer(page, "d.Dwork.Dwork.BB1");
  assert.match(await grey.getAttribute("class"), /grey/);
  assert.match(await grey.textContent(), /ignored: 1\.Dwork ≠ nextBal 2\.Gray §2\.3 \(4\)/);
  await click(page, "d.Dwork.Dwork.BB1");
  assert.match(await page.textContent("#why"), /Dwork ignores BeginBallot 1\.Dwork/);
});

test("predict asks before a telling move, and tells why", async () => {
  const { page } = await open(`${THREE};t.1.Dwork`);
  await page.keyboard.press("p");
  assert.equal(await page.locator("#choices .below").count(), 0, "what is asked is not told");
  await offer(page, "d.Dwork.Gray.NB1").click();
  await page.waitForSelector("#question button");
  assert.equal(await moment(page), "1");
  await page.keyboard.press("3");
  await page.waitForSelector("#question .wrong");
  assert.match(await page.textContent("#question"), /No: he promises, and sends LastVote/);
  await moves(page, () => page.keyboard.press("Enter"));
  assert.match(await page.textContent("#why"), /Gray promises/);
  await offer(page, "d.Dwork.Oki.NB1").click();
  await page.waitForSelector("#question button");
  await page.keyboard.press("1");
  await page.waitForSelector("#question .right");
  assert.match(await page.textContent("#question"), /1 of 2 right/);
});

test("predict asks nothing about a heretic's deed, and nothing in a hunt", async () => {
  const says = async (scene) => {
    const { page } = await open(scene);
    await page.keyboard.press("p");
    return { page, told: await page.textContent("#told") };
  };
  const heretic = await says(`${THREE};h.Gray.lowest-vote;t.1.Dwork`);
  assert.match(heretic.told, /you are asked what will come of it\. Nothing is asked about a heretic's deeds\./);
  await moves(heretic.page, () => offer(heretic.page, "d.Dwork.Gray.NB1").click());
  assert.ok(await heretic.page.locator("#question").isHidden());
  await offer(heretic.page, "d.Dwork.Oki.NB1").click();
  await heretic.page.waitForSelector("#question button");
  assert.match((await says("hunt.3")).told, /In a hunt nothing is asked/);
});

test("a hunt hides the heresy until it is over", async () => {
  const told = [];
  const { page, complaints } = await open("hunt.3");
  page.on("response", async (reply) => /answer|shortest/.test(reply.url()) && told.push(await reply.text()));
  await page.reload();
  await ready(page);
  await moves(page, () => page.locator('[data-key^="t."]').first().click());
  await moves(page, () => page.keyboard.press("1"));
  await page.getByRole("button", { name: "shortest" }).click();
  await page.waitForFunction(() => /would tell what they hold/.test(document.querySelector("#told").textContent));
  const { heresies } = await (await page.request.get(`${served.first}start`)).json();
  assert.ok(told.length > 2);
  for (const { name } of heresies) assert.ok(!told.join("").includes(name), name);
  assert.match(page.url(), /#hunt\.3;t\.1\./);
  assert.ok(await page.getByRole("button", { name: "save" }).isDisabled());
  const sound = page.getByRole("button", { name: "they are sound" });
  assert.ok(await sound.isDisabled(), "one who has not looked declares nothing");
  assert.match(await page.textContent("#game"), /they are soundafter 4 more moves2 events$/);
  await page.keyboard.press("!");
  await page.waitForFunction(() => /counts after 4 more moves/.test(document.querySelector("#told").textContent));
  for (let i = 0; i < 4; i += 1) await moves(page, () => page.keyboard.press("1"));
  await sound.click();
  await page.waitForSelector("#game.over");
  assert.match(await page.textContent("#game"), /You are right|No\. They hold/);
  assert.match(page.url(), /#hunt\.3\.sound;t\.1\./);
  assert.deepEqual(complaints, []);
});

test("the shortest run from here is a branch of its own", async () => {
  const { page } = await open("basic.Dwork.Fischer.Gray;h.all.one-reply-quorum");
  await moves(page, () => page.keyboard.press("S"));
  await page.waitForSelector(".rule.broken");
  assert.match(await page.textContent("#told"), /The shortest has \d+ events; it is a branch of its own now/);
});

test("the shortest run stands beside one's own from where they part", async () => {
  const begins = "basic.Dwork.Fischer.Gray;h.all.one-reply-quorum";
  const { page, complaints } = await open(begins);
  await moves(page, () => page.keyboard.press("S"));
  const shortest = new URL(page.url()).hash.slice(1).slice(begins.length);
  const events = shortest.split(";").length - 1;
  await page.goto("about:blank");
  await page.goto(`${served.first}#${begins};t.9.Gray${shortest}`);
  await ready(page);
  assert.match(await page.textContent("#game"), new RegExp(`You needed ${events + 1} events\\. The proved shortest has ${events} \\(`));
  await moves(page, () => page.getByRole("button", { name: "show the shortest" }).click());
  await page.waitForSelector("#other .parted", { state: "attached" });
  assert.match(await page.textContent("#game"), new RegExp(`The shortest has ${events} events.*You needed ${events + 1} events: your run stands beside it`));
  assert.equal(await page.getAttribute("#other .parted", "y1"), await page.getAttribute("#other .step", "y"), "they part at the first move");
  assert.equal(await page.locator("#other .step").count(), events + 1);
  assert.equal(await page.locator("#picture .step").count(), events);
  assert.equal(await page.getByRole("button", { name: "show the shortest" }).count(), 0);
  assert.deepEqual(complaints, []);
});

test("one priest's view makes the rest faint", async () => {
  const { page } = await open(HALFWAY);
  await page.keyboard.press("v");
  assert.equal(await page.textContent("#mortal"), "as Dwork");
  assert.ok(await page.locator(".ledger.beyond").count() === 2);
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("v");
  assert.equal(await page.locator(".beyond").count(), 0);
});

test("a script is saved, and begins another scene when it is pasted", async () => {
  const { page } = await open(HALFWAY);
  const saved = async (form) => {
    await page.keyboard.press("s");
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#save-dialog [value="${form}"]`).click()]);
    return readFileSync(await download.path(), "utf8");
  };
  assert.match(await saved("trace"), /^seq,at,event,/);
  assert.match(await saved("chronicle"), /^<!doctype html><!-- parliament chronicle -->[^]*NextBallot/);
  const text = await saved("script");
  assert.match(text, /^# A scene, for: parliament play THIS-FILE\nconvene Dwork Gray Oki\ntry 1\.Dwork\n/);
  await page.keyboard.press("n");
  await page.fill("#begin-script", "convene Dwork Gray\nfly Dwork\n");
  await page.getByRole("button", { name: "begin", exact: true }).click();
  await page.waitForFunction(() => document.querySelector("#begin-trouble").textContent);
  assert.match(await page.textContent("#begin-trouble"), /line 2, column 1/);
  await page.fill("#begin-script", text);
  await page.getByRole("button", { name: "begin", exact: true }).click();
  await page.waitForSelector("#begin-dialog:not([open])", { state: "attached" });
  assert.match(await page.textContent("#why"), /Dwork promises 2\.Gray/);
});

test("the command of the page makes a chamber when it is pasted", async () => {
  const wish = (text) => `w.${encodeURIComponent(text).replaceAll(".", "%2E").replaceAll("'", "%27")}`;
  const house = mkdtempSync(join(tmpdir(), "pasted-"));
  const { page } = await open(`${THREE};${wish("Gray's \"goats\" \\n $HOME `id` !! <b>")};t.1.Dwork;da;u;da`);
  const key = await page.locator('[data-key^="b.Dwork."]').last().getAttribute("data-key");
  await click(page, key);
  await click(page, "d.Dwork.Gray.BB1");
  await page.keyboard.press("s");
  await accessible(page, "saving", "#save-dialog");
  const command = await page.textContent("#save-command");
  try {
    const shell = { cwd: house, encoding: "utf8", env: { ...env, PATH: `${dirname(process.env.PARLIAMENT)}:${env.PATH}` } };
    for (const name of ["sh", "bash"]) {
      assert.match(execFileSync(name, ["-c", `${command}; parliament audit --chamber scene-chamber`], { ...shell, stdio: "pipe" }), /consistent/i);
      const gray = readFileSync(join(house, "scene-chamber", "ledgers", "Gray.csv"), "utf8");
      assert.match(gray, /prevVote,1,1\.Dwork,"?Gray's ""goats"" \\n \$HOME `id` !! <b>/);
      rmSync(join(house, "scene-chamber"), { recursive: true });
    }
  } finally {
    rmSync(house, { recursive: true });
  }
});

test("decrees that are markup or turn the line stay text", async () => {
  const wish = encodeURIComponent("<img src=x onerror=document.title=1>");
  const script = `${THREE};w.${wish.replaceAll(".", "%2E")};w.a%E2%80%AEb;t.1.Dwork;da`;
  const { page, complaints, asked } = await open(script);
  assert.equal(await page.locator("main img").count(), 0);
  assert.match(await page.textContent("#deeds"), /<img src=x onerror=/);
  assert.ok(!(await page.textContent("body")).includes("\u202e"), "no character turns the line");
  assert.match(await page.textContent("#deeds"), /a\\u202eb/);
  const key = await page.locator('[data-key^="b.Dwork."]').last().getAttribute("data-key");
  await click(page, key);
  assert.match(await page.textContent("#b"), /a\\u202eb|<img/);
  assert.deepEqual(complaints, []);
  assert.ok(asked.every((url) => url.startsWith(served.first)), String(asked));
});

test("a script that does not read gets its reason, and nothing breaks", async () => {
  for (const script of ["nonsense", `${THREE};t.9.Nobody`, "%", "basic", `${THREE};d.Dwork.Gray.NB1`, "hunt.x"]) {
    const { page } = await open(script);
    assert.match(await page.textContent("#trouble"), /does not play on at line 1, column \d+: /, script);
    assert.ok(await page.locator("#deeds button").count() > 0, script);
  }
});

test("nothing runs or loads but what the server brings", async () => {
  const { page } = await open();
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    try {
      script.textContent = "document.title = 'broken'";
      document.body.append(script);
    } catch { /* a text is no script here */ }
    return document.title;
  });
  assert.notEqual(ran, "broken");
  const html = await page.evaluate(() => {
    try {
      document.querySelector("#why").innerHTML = "<b>x</b>";
      return "taken";
    } catch (error) {
      return error.name;
    }
  });
  assert.equal(html, "TypeError");
  assert.equal(await page.evaluate(() => fetch("https://example.com/").then(() => "went", () => "kept")), "kept");
});

test("a finger is enough", async () => {
  const { page } = await open("", { width: 390, height: 844, hasTouch: true, isMobile: true });
  await moves(page, () => offer(page, "t.1.Dwork").tap());
  await moves(page, () => offer(page, "r.Dwork.Gray.NB1").tap());
  await moves(page, () => offer(page, "d.Dwork.Gray.NB1").tap());
  await page.locator(".rule").first().tap();
  assert.match(await page.textContent("#rule"), /holds/);
  const small = await page.locator("#choices button, #controls button, .rule").evaluateAll((all) =>
    all.filter((it) => it.checkVisibility() && Math.min(it.offsetHeight, it.offsetWidth) < 36).map((it) => it.outerHTML));
  assert.deepEqual(small, [], "every button is as large as a finger");
});

const SCENES = { beginning: THREE, halfway: HALFWAY, broken: BROKEN, parliament: PARLIAMENT, hunt: "hunt.3", beside: HALFWAY,
  many: "basic.Amaryllis.Bartholomew.Cassandra.Dionysios.Eratosthenes.Ferdinand.Gwendolyn;t.1.Amaryllis;da;b.Amaryllis.α;da" };

for (const [width, height, more] of [[1280, 800, {}], [390, 844, {}], [640, 400, { deviceScaleFactor: 2 }], [1280, 800, { projector: true }]]) {
  const name = `${width}${more.deviceScaleFactor ? ", at 200 %" : ""}${more.projector ? ", large" : ""}`;
  test(`no words lie over others at ${name}, and nothing scrolls sideways`, async () => {
    const { projector, ...context } = more;
    for (const [scene, script] of Object.entries(SCENES)) {
      const { page, complaints } = await open(script, { width, height, ...context });
      if (projector) await page.keyboard.press("P");
      if (scene === "beside") {
        await page.keyboard.press("B");
        await page.waitForSelector("#other svg", { state: "attached" });
        const narrow = await page.locator("#choices, #picture, #other").evaluateAll((all) => all.map((it) => it.clientWidth).filter((it) => it < 250));
        assert.deepEqual(narrow, [], "each has room");
      }
      await page.evaluate(() => { document.querySelector("#story").open = true; });
      await page.setViewportSize({ width, height: 4000 });
      await page.waitForTimeout(200);
      const { over, boxes } = await page.evaluate(overprinted);
      assert.deepEqual([over, complaints], [[], []], scene);
      assert.ok(boxes > 30, `${scene}: only ${boxes} words`);
      assert.equal(await page.evaluate(scrollsSideways), 0, `${scene} scrolls sideways`);
      await page.context().close();
    }
  });
}

test("everybody can use the page by day and by night", async () => {
  const states = [() => {}, (page) => page.keyboard.press("n"), (page) => page.keyboard.press("?"), (page) => page.keyboard.press("p"),
    (page) => page.keyboard.press("B")];
  for (const script of [HALFWAY, BROKEN, "hunt.3"]) {
    for (const state of states) {
      const { page } = await open(script, { reducedMotion: "reduce", bypassCSP: true });
      await state(page);
      await accessibleByDayAndNight(page, script, "html");
      await page.context().close();
    }
  }
});

test("each step is read out, and every choice is a button with a name", async () => {
  const { page } = await open(HALFWAY);
  assert.equal(await page.getAttribute("#why", "aria-live"), "polite");
  const named = (name) => page.getByRole("button", { name }).count();
  assert.equal(await named(/^deliver NextBallot 2\.Gray Gray to Gray ?: inks nextBal 2\.Gray · sends LastVote 2\.Gray null to Gray §2\.3 \(2\)/), 1);
  assert.equal(await named("lose NextBallot 2.Gray, Gray to Gray"), 1);
  assert.equal(await named(/^Gray: try 3\.Gray ?: inks lastTried 3\.Gray/), 1);
});

test("on paper stand the picture, the ledgers, B and the story", async () => {
  const { page } = await open(HALFWAY, { width: 700, height: 990 });
  await page.emulateMedia({ media: "print" });
  assert.ok(!await page.locator("#controls").isVisible());
  assert.ok(!await page.locator("#choices").isVisible());
  assert.ok(await page.locator("#picture svg").isVisible());
  assert.ok(await page.locator("#story li").first().isVisible());
  assert.equal(await page.evaluate(scrollsSideways), 0);
});

test("what colours say, shapes say too where colours are forced", async () => {
  const { page } = await open(BROKEN, { forcedColors: "active" });
  const outline = await page.locator(".rule.broken").evaluate((it) => getComputedStyle(it).outlineStyle);
  assert.equal(outline, "solid");
  assert.equal(await page.locator(".rule.broken use").getAttribute("href"), "#i-broken");
});

test("a page that plays for long does not grow", async () => {
  const { page } = await open(`${THREE};t.1.Dwork`);
  const many = () => page.evaluate(() => document.querySelectorAll("*").length);
  await click(page, "d.Dwork.Gray.NB1");
  await moves(page, () => page.keyboard.press("u"));
  const before = await many();
  for (let i = 0; i < 20; i += 1) {
    await click(page, "d.Dwork.Gray.NB1");
    await moves(page, () => page.keyboard.press("u"));
  }
  assert.equal(await many(), before);
});

test("two browsers at one game: a link carries a moment over, and neither disturbs the other", async () => {
  const second = await launch();
  try {
    const { page: one } = await open();
    await click(one, "t.1.Dwork");
    const two = await (await second.newContext()).newPage();
    await two.goto(one.url());
    await ready(two);
    assert.equal(await moment(two), "1");
    await Promise.all([click(one, "d.Dwork.Gray.NB1"), click(two, "l.Dwork.Gray.NB1")]);
    assert.match(await one.textContent("#why"), /Gray promises 1\.Dwork/);
    assert.doesNotMatch(await two.textContent("#why"), /promises/);
    await Promise.all([moves(one, () => one.keyboard.press("u")), click(two, "d.Dwork.Oki.NB1")]);
    assert.equal(await moment(one), "1");
    assert.equal(await moment(two), "3");
    await one.goto(two.url());
    await ready(one);
    await one.waitForFunction(() => document.documentElement.dataset.moment === "3");
  } finally {
    await second.close();
  }
});

/** A script of `many` ballots of which none begins, seven moves each. */
function long(many) {
  const ballot = (n) => [`t.${n}.Dwork`, ...["Dwork", "Gray", "Oki"].flatMap((name) => [`d.Dwork.${name}.NB${n}`, `d.${name}.Dwork.LV${n}`])];
  return `${THREE};${Array.from({ length: many }, (_, i) => ballot(i + 1).join(";")).join(";")}`;
}

/** All that a moment shows, as the browser holds it; without a class that was taken away, and the option that stood first. */
const drawn = (page) => page.evaluate(() => ["place", "moments", "why", "game", "picture", "other", "choices", "desks", "gods", "story"]
  .map((id) => document.getElementById(id)).map((it) => (it.hidden ? "" : it.outerHTML.replaceAll(/ (class|selected)=""/g, ""))));

test("what is drawn move by move is what is drawn at once", async () => {
  // A fixed seed: each run walks the same way.
  let state = 7;
  const chance = (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  const walks = [THREE, PARLIAMENT, "synod.Dwork.Gray.Oki;e.Gray;e.Oki", "basic.Dwork.Fischer.Gray;h.all.own-decree", HALFWAY];
  for (const script of walks) {
    const { page, complaints } = await open(script);
    for (let stretch = 0; stretch < 4; stretch += 1) {
      for (let i = 0; i < 9; i += 1) {
        await page.evaluate(async ([kind, nth]) => {
          const at = kind < 6 ? "#choices button" : kind === 6 ? ".dot" : kind === 7 ? "#picture .step, .dot" : "#undo:enabled, #redo:enabled";
          const all = [...document.querySelectorAll(at)];
          const isDrawn = new Promise((done) => { document.addEventListener("moment", done, { once: true }); });
          all[nth % all.length].dispatchEvent(new MouseEvent("click", { bubbles: true }));
          await isDrawn;
        }, [chance(10), chance(1000)]);
      }
      if (stretch === 2) {
        for (const key of ["v", "v", "v", "v", "P", "P", "p", "p"]) await page.keyboard.press(key);
      }
      const { page: fresh } = await open(new URL(page.url()).hash.slice(1));
      const isBeside = stretch % 2 === 1 && await page.locator("#beside").isVisible();
      const beside = () => Promise.all([page, fresh].map(async (it) => {
        await it.keyboard.press("B");
        const [end] = await it.selectOption("#other-moment", { index: 0 });
        await it.waitForSelector(`#other .here[data-moment="${end}"]`, { state: "attached" });
      }));
      if (isBeside) await beside();
      const [walked, anew] = [await drawn(page), await drawn(fresh)];
      walked.forEach((part, at) => {
        const parted = [...part].findIndex((it, i) => it !== anew[at][i]);
        const near = (text) => text.slice(Math.max(0, parted - 200), parted + 100);
        assert.ok(part === anew[at], `${near(part)}\n\nanew: ${near(anew[at])}\n\n${page.url()}`);
      });
      if (isBeside) await page.keyboard.press("B");
      await fresh.context().close();
    }
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
});

test("a long scene's move makes no more nodes than a short one's", async () => {
  const made = async (many) => {
    const { page } = await open(long(many));
    await page.evaluate(() => {
      globalThis.made = 0;
      const count = (node) => 1 + (node.querySelectorAll?.("*").length ?? 0);
      new MutationObserver((all) => all.forEach(({ addedNodes }) => addedNodes.forEach((node) => { globalThis.made += count(node); })))
        .observe(document.body, { subtree: true, childList: true });
    });
    await click(page, `t.${many + 1}.Gray`);
    await click(page, `d.Gray.Oki.NB${many + 1}`);
    await moves(page, () => page.keyboard.press("u"));
    const steps = await page.locator("#picture .step").count();
    return { steps, made: await page.evaluate(() => globalThis.made) };
  };
  const [few, many] = [await made(2), await made(29)];
  assert.ok(many.steps >= 200, `${many.steps} steps`);
  assert.ok(many.made < few.made * 1.2, `${many.made} nodes, and ${few.made} in a short scene`);
});

test("how long a move takes to draw after 200 is told", async (t) => {
  const { page } = await open(long(29));
  const answers = ["", ";t.30.Gray", ";t.30.Gray;d.Gray.Oki.NB30"];
  const [steps, half] = await page.evaluate(async (scripts) => {
    const answer = async (body) => (await fetch("answer", { method: "POST", body })).json();
    const all = await Promise.all(scripts.map(answer));
    const times = Array.from({ length: 24 }, (_, i) => {
      // It is the page's own `page` there.
      page.answer = all[[0, 1, 2, 1][i % 4]];
      const begun = performance.now();
      globalThis.draw();
      // Asks for the layout, which would otherwise come later.
      return document.body.offsetHeight > 0 ? performance.now() - begun : 0;
    });
    return [document.querySelectorAll("#picture .step").length, times.sort((a, b) => a - b)[12]];
  }, answers.map((more) => long(29) + more));
  assert.ok(steps >= 200, `${steps} steps`);
  t.diagnostic(`a move after ${steps} is drawn in ${half.toFixed(1)} ms; ${(half / 16).toFixed(2)} of 16 ms`);
});
