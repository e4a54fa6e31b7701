/** The npm packages: where `cargo xtask test` installed them, else beside this folder (`npm ci`). */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const folder = process.env.PURCHASE_TAG_PACKAGES;
const load = createRequire(folder ? join(folder, 'package.json') : import.meta.url);

export const acorn = load('acorn');
export const yaml = load('yaml');

/** A page; loaded only where it is needed, because it takes most of a second. */
export function jsdom() {
  return load('jsdom');
}
