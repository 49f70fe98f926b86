// A class as its teacher and its students meet it: two browsers, twenty phones, a server that dies.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, endAll, launch, ready, start } from "./pages.js";

const MANY = 20;
const complaints = [];
let lectern;
let hall;
let held;

/** Starts a class at this port; its page and its end. */
async function hold(port) {
  const { first: address, end } = await start("play", "--class", "--here", "--port", String(port));
  return { address, origin: new URL(address).origin, port: new URL(address).port, end };
}

before(async () => {
  [lectern, hall, held] = await Promise.all([launch(), launch(), hold(0)]);
});
after(async () => {
  await Promise.all([lectern.close(), hall.close()]);
  endAll();
});

function listened(page, name) {
  page.on("console", (message) => message.type() !== "log" && complaints.push(`${name}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`${name}: ${error}`));
  return page;
}

async function openPhone(n) {
  const context = await hall.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: n % 2 ? "dark" : "light" });
  const page = listened(await context.newPage(), `phone ${n}`);
  await page.goto(`${held.origin}/`);
  await page.waitForFunction(() => document.getElementById("state").textContent === "You follow the class.");
  return page;
}

async function openTeacher() {
  const context = await lectern.newContext({ viewport: { width: 1280, height: 800 } });
  const page = listened(await context.newPage(), "teacher");
  await page.goto(held.address);
  await ready(page);
  return page;
}

const says = (page, id, text) => page.waitForFunction(([at, what]) => document.getElementById(at).textContent.includes(what), [id, text]);
const step = (teacher, name) => teacher.locator(`[data-step="${name}"]`).click();

const isWide = (page) => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

let teacher;
let phones;

test("twenty phones come in, answer, talk, answer again, and see the reason", async () => {
  teacher = await openTeacher();
  await says(teacher, "class-many", "Nobody is here yet");
  phones = await Promise.all(Array.from({ length: MANY }, (_, n) => openPhone(n)));
  await says(teacher, "class-many", `${MANY} phones are here`);
  await teacher.getByRole("button", { name: "begin", exact: true }).click();
  await teacher.locator("#deeds .deed").filter({ hasText: "try 1.Oki" }).click();
  await Promise.all(phones.map((phone) => says(phone, "step", "Step 1: try 1.Oki")));
  await teacher.locator("#class-ask").click();
  await teacher.locator("#class-of-scene button").filter({ hasText: "Gray reads" }).click();
  await Promise.all(phones.map((phone) => says(phone, "asks", "Gray reads NextBallot 1.Oki")));
  assert.equal(await phones[0].locator("#ways").isHidden(), true, "nobody tries out what he is to foresee");
  await accessible(phones[0], "phone, asked");
  await accessible(phones[1], "phone, asked, dark");
  await Promise.all(phones.map((phone, n) => phone.locator("#answers button").nth(n % 4 === 0 ? 0 : 2).tap()));
  await says(teacher, "class-question", `${MANY} of ${MANY} have answered`);
  assert.equal(await teacher.locator(".bar").count(), 0, "no histogram while answers are taken");
  await step(teacher, "close");
  await Promise.all(phones.map((phone) => phone.waitForSelector(".bars")));
  const shown = await teacher.locator(".bar-row b").allTextContents();
  assert.deepEqual(shown, ["5", "0", "15"]);
  await step(teacher, "again");
  await Promise.all(phones.map((phone) => says(phone, "stage", "answer again")));
  // By keyboard, one of them.
  await phones[0].locator("#answers button").first().focus();
  await phones[0].keyboard.press("Enter");
  await Promise.all(phones.slice(1).map((phone) => phone.locator("#answers button").first().tap()));
  await says(teacher, "class-question", `${MANY} of ${MANY} have answered`);
  await step(teacher, "close");
  await step(teacher, "reveal");
  await Promise.all(phones.map((phone) => says(phone, "said", "You were right.")));
  await says(phones[3], "because", "§2.3");
  await accessible(phones[0], "phone, answered");
  await accessible(phones[1], "phone, answered, dark");
  await accessible(teacher, "teacher", "#class");
  await step(teacher, "go");
  await Promise.all(phones.map((phone) => says(phone, "step", "Step 2: deliver Oki Gray")));
  for (const phone of [phones[0], teacher]) assert.equal(await isWide(phone), false);
  const totals = await teacher.evaluate(async () => (await fetch("class/misconceptions.csv")).text());
  assert.match(totals, /^1,A promise is a vote\.,1,20,15,20,0$/m);
});

test("large type for the projector draws again, and moves nobody", async () => {
  await teacher.locator("#class-ask").click();
  await teacher.locator("#class-ready button").first().click();
  await Promise.all(phones.map((phone) => says(phone, "stage", "Question 2")));
  await step(teacher, "close");
  await step(teacher, "reveal");
  await teacher.keyboard.press("P");
  await says(teacher, "class-question", "Question 2");
  assert.equal(await isWide(teacher), false);
  await teacher.keyboard.press("P");
  await step(teacher, "away");
  await phones[0].locator("#question").waitFor({ state: "hidden" });
});

test("one plays on his own, the others do not see it, and he follows again", async () => {
  const [one, other] = phones;
  await one.locator("#branch").tap();
  await one.locator("#offers button").first().tap();
  await says(one, "step", "Step 3");
  await says(teacher, "class-phones", "1 on their own");
  await says(other, "step", "Step 2");
  await accessible(one, "phone on its own");
  await one.locator("#undo").tap();
  await says(one, "step", "Step 2");
  // A question about the scene: until its answer is shown, nobody sees it on a scene of his own.
  await teacher.locator("#class-ask").click();
  await teacher.locator("#class-of-scene button").first().click();
  await says(one, "state", "Your own scene waits until the answer is shown.");
  for (const stage of ["first", "talk"]) {
    assert.equal(await one.locator("#own").isVisible(), false, stage);
    assert.equal(await one.locator("#ways").isVisible(), false, stage);
    assert.equal(await one.textContent("#whose"), "Where the class is");
    if (stage === "first") await step(teacher, "close");
    await says(one, "stage", "talk");
  }
  await step(teacher, "reveal");
  await says(one, "state", "You play on your own.");
  assert.equal(await one.locator("#own").isVisible(), true);
  await step(teacher, "away");
  await teacher.locator("#deeds .deed").filter({ hasText: "try 2.Gray" }).click();
  await says(other, "step", "Step 3: try 2.Gray");
  assert.match(await one.textContent("#step"), /Step 2/);
  await one.locator("#follow").tap();
  await says(one, "step", "Step 3: try 2.Gray");
});

test("a phone whose tab was closed comes back with its answer", async () => {
  await teacher.locator("#class-ask").click();
  await teacher.locator("#class-ready button").nth(4).click();
  await says(phones[2], "asks", "Has α passed?");
  await phones[2].locator("#answers button").nth(1).tap();
  await says(phones[2], "said", "Your answer counts");
  await phones[2].goto("about:blank");
  await says(teacher, "class-phones", "1 asleep");
  await phones[2].goto(`${held.origin}/`);
  await phones[2].waitForSelector("#answers .mine");
  assert.match(await phones[2].locator("#answers .mine").textContent(), /No: in no ballot/);
  await says(teacher, "class-phones", `${MANY} phones`);
  await step(teacher, "close");
  await step(teacher, "again");
  await says(phones[2], "stage", "answer again");
  await step(teacher, "close");
  await step(teacher, "reveal");
  await says(phones[2], "said", "You did not answer the second time; the first time you answered B, which is right.");
  await says(phones[3], "said", "You did not answer.");
  assert.match(await phones[2].locator("#answers .right").textContent(), /^B\..*✓ right · your first answer$/);
  const looks = (page, row) => page.locator("#answers li, #class-question li").first().evaluate((it, at) =>
    [...it.querySelectorAll(at)].map((bar) => getComputedStyle(bar).backgroundColor), row);
  assert.deepEqual(await looks(phones[2], ".bar i"), await looks(teacher, ".bar i"), "the rounds have the same colours on both");
  const names = (page, at) => page.locator(at).first().locator("span").allTextContents().then((all) => all.filter((it) => /[a-z]/.test(it)));
  assert.deepEqual(await names(phones[2], ".bars"), ["first", "second"]);
  assert.deepEqual(await teacher.locator("#class-question li").first().locator(".when").allTextContents(), ["first", "second"]);
});

test("the teacher's own question is text, whatever stands in it", async () => {
  await teacher.locator("#class-ask").click();
  const asks = teacher.getByRole("button", { name: "ask my own question" });
  await asks.click();
  await says(teacher, "class-own-trouble", "empty; write it");
  assert.match(complaints.pop(), /409/, "the browser tells of the refusal");
  const ends = (it) => it.evaluate((at) => at.getBoundingClientRect().bottom);
  const dialog = teacher.locator("#class-ask-dialog");
  for (const top of [0, 9999]) {
    await dialog.evaluate((it, to) => { it.scrollTop = to; }, top);
    assert.ok(await ends(asks) < Math.min(await ends(dialog), 800), "its own buttons stay in sight");
  }
  await teacher.locator("#class-own-text").fill("<img src=x onerror=alert(1)> ?");
  await teacher.locator("#class-own-answers").fill("<b>yes</b>\n* no");
  await teacher.getByRole("button", { name: "ask my own question" }).click();
  await says(phones[0], "asks", "<img src=x onerror=alert(1)> ?");
  assert.equal(await phones[0].locator("#question img, #answers b:not(.letter)").count(), 0);
  await step(teacher, "away");
});

test("a second page of the teacher shows the same class, and moves nobody", async () => {
  const second = await openTeacher();
  assert.match(await second.textContent("#why"), /Gray tries 2\.Gray/);
  assert.match(await phones[0].textContent("#step"), /Step 3: try 2\.Gray/);
  await second.close();
});

test("a server that was killed and started again is another class", async () => {
  assert.deepEqual(complaints, []);
  await held.end("SIGKILL");
  await says(phones[0], "state", "No connection");
  held = await hold(held.port);
  await Promise.all(phones.map((phone) => says(phone, "state", "The class you were in is over.")));
  await phones[0].locator("#again").tap();
  await says(phones[0], "state", "You follow the class.");
  await says(phones[0], "step", "The beginning");
});

test("the teacher ends the class: the phones say so, and the totals are there", async () => {
  complaints.length = 0;
  const last = await openTeacher();
  const phone = await openPhone(1);
  await last.getByRole("button", { name: "begin", exact: true }).click();
  await last.getByRole("button", { name: "new…" }).click();
  assert.equal(await last.locator('#begin-heresy option[value="?"]').count(), 0, "a class hunts nobody");
  await last.keyboard.press("Escape");
  await phone.locator("#branch").tap();
  await says(phone, "state", "You play on your own.");
  await last.locator("#class-end").click();
  await last.locator("#class-end-now").click();
  await says(phone, "state", "The class is over. Thank you.");
  assert.equal(await phone.locator("#ways").isVisible(), false, "there is no class to follow");
  await says(last, "class-end-title", "The class is over");
  const saved = last.waitForEvent("download");
  await last.getByRole("link", { name: "misconceptions.csv" }).click();
  assert.equal((await saved).suggestedFilename(), "misconceptions.csv");
  await accessible(last, "teacher, over", "#class-end-dialog");
  assert.deepEqual(complaints, []);
});
