/**
 * The gate before everything that stores or sends. While it is closed, what would be stored waits here, in the page's memory and
 * no longer than the page; `consent.js` opens and closes it.
 */
import { guard } from './natives.js';

/** @type {(() => void)[]} */
let waiting = [];

export let isOpen = false;

/**
 * Runs `work` once the gate is open; at once if it is.
 * @param {() => void} work
 */
export function whenOpen(work) {
  if (isOpen) guard(work)();
  else waiting[waiting.length] = work;
}

/** Lets through what waits, in its order. */
export function openGate() {
  isOpen = true;
  const works = waiting;
  waiting = [];
  // One by one: a listener of the page's may close it again in between.
  for (let i = 0; i < works.length; i++) whenOpen(works[i]);
}

export function closeGate() {
  isOpen = false;
}
