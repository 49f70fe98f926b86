"use strict";

// What stood where at any step: histories are lists of changes, each begun by its event.

/** The last change at or before the cursor, or undefined. */
function changeAt(changes, cursor) {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changes[middle][0] <= cursor) low = middle + 1;
    else high = middle;
  }
  return changes[low - 1];
}

/** For each event, the last event of each priest that lies in its causal past. */
function causalPasts(run) {
  const columns = run.priests.length;
  const nothing = new Int32Array(columns).fill(-1);
  const latest = run.priests.map(() => nothing);
  return run.events.map((event, index) => {
    const past = Int32Array.from(event.c >= 0 ? latest[event.c] : nothing);
    if (event.from >= 0) merge(past, pasts(run)[event.from]);
    if (event.c >= 0) {
      past[event.c] = index;
      latest[event.c] = past;
    }
    pasts(run)[index] = past;
    return past;
  });
}

/** The pasts found so far, kept with the run. */
function pasts(run) {
  run.pasts ??= [];
  return run.pasts;
}

function merge(past, other) {
  if (!other) return;
  for (let column = 0; column < past.length; column += 1) {
    past[column] = Math.max(past[column], other[column]);
  }
}

/** Whether an event is known to one whose causal past this is. */
function isKnown(run, past, event) {
  if (event < 0) return true;
  const { c, from } = run.events[event];
  return c >= 0 ? event <= past[c] : isKnown(run, past, from);
}

/** The last event of a priest at or before the cursor, or -1. */
function lastEventOf(run, column, cursor) {
  for (let event = cursor; event >= 0; event -= 1) {
    if (run.events[event].c === column) return event;
  }
  return -1;
}
