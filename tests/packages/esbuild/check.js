/** What a shop does not import is not in its bundle. */
import assert from 'node:assert/strict';
import { build } from 'esbuild';

/** Most bytes of a page that only states purchases, because another script of the shop starts the tag. */
const COMMANDS_BYTES_MAX = 1000;

assert.equal(await bytes(`import 'cn-purchase-tag'; import 'cn-purchase-tag/inline';`), 0);
const size = await bytes(`import { purchase } from 'cn-purchase-tag'; purchase({});`);
assert.ok(size > 0 && size < COMMANDS_BYTES_MAX, `purchase() alone brings ${size} bytes`);

/**
 * The size of a script and what it imports.
 * @param {string} contents
 */
async function bytes(contents) {
  const stdin = { contents, resolveDir: import.meta.dirname };
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, format: 'esm', write: false, logLevel: 'silent' });
  return outputFiles[0].contents.length;
}
