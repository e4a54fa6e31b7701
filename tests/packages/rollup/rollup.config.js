/** One file from the shop's script and what it imports. */
import { nodeResolve } from '@rollup/plugin-node-resolve';

export default {
  input: 'shop.js',
  output: { dir: 'dist', format: 'es' },
  plugins: [nodeResolve({ browser: true })],
};
