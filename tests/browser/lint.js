// Lints the scripts of each page as the page has them: one after another.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ESLint } from "eslint";
import rules from "./eslint.config.js";

const sources = process.env.SOURCES ? pathToFileURL(`${process.env.SOURCES}/`) : new URL("../../src/", import.meta.url);
const pages = {
  chronicle: ["history", "diagram", "panels", "print", "overview", "page"].map((name) => `picture/assets/${name}.js`),
  class: ["web/page/class.js"],
  phone: ["web/phone/phone.js"],
  playground: ["parts", "diagram", "gods", "panels", "asking", "page"].map((name) => `web/page/${name}.js`),
  watch: ["parts", "diagram", "gods", "watch"].map((name) => `web/page/${name}.js`),
};
const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: rules });
for (const [page, files] of Object.entries(pages)) {
  const text = files.map((name) => readFileSync(new URL(name, sources), "utf8")).join("");
  const results = await eslint.lintText(text, { filePath: `${page}.js` });
  const told = (await eslint.loadFormatter("stylish")).format(results);
  if (told) console.log(told);
  if (results.some((result) => result.errorCount + result.warningCount > 0)) process.exitCode = 1;
}
