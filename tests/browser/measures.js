// What both pages are measured by, in a headless Chromium that asks nobody for anything.

export const flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Pairs of words that lie over each other, as the browser measures them. */
export const overprinted = () => {
  const boxes = [];
  const clipped = (element, box) => {
    let { left, top, right, bottom } = box;
    for (let at = element; at instanceof Element; at = at.parentElement) {
      if (getComputedStyle(at).overflow === "visible" || at === document.body || at instanceof SVGElement) continue;
      const edge = at.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, edge.left), Math.max(top, edge.top), Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
    }
    return { left, top, right, bottom };
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (!node.textContent.trim() || element.closest("script, style, noscript, option, title, desc") || !element.checkVisibility()) continue;
    const text = element.closest("text");
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = text ? [text.getBoundingClientRect()] : [...range.getClientRects()];
    for (const line of lines) {
      const box = clipped(element, line);
      if (box.right - box.left > 3 && box.bottom - box.top > 4) boxes.push({ ...box, node, says: node.textContent.trim().slice(0, 40) });
    }
  }
  boxes.sort((a, b) => a.top - b.top);
  const over = [];
  boxes.forEach((a, i) => {
    for (let j = i + 1; j < boxes.length && boxes[j].top < a.bottom - 3; j += 1) {
      const b = boxes[j];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - b.top;
      if (wide > 2 && high > 3.5 && a.node !== b.node) over.push(`“${a.says}” and “${b.says}”`);
    }
  });
  return { over: over.slice(0, 6), boxes: boxes.length };
};

export const scrollsSideways = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
