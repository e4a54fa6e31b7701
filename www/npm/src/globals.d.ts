/** What the package's build puts in the place of these names. */

type WasmSource = string | URL | Response | BufferSource | WebAssembly.Module;
/** Which site of the page a call is for; without one it is for all of them. */
type Target = { site?: string };
type InitOptions = Options & { wasm?: WasmSource | Promise<WasmSource> };

/** The bundle of `loader.js`, as a function that evaluates it. */
declare module 'purchase-tag-loader' {
  export function evaluate(): typeof import('./loader.js');
}

/** What wasm-bindgen wrote. */
declare module 'purchase-tag-glue' {
  export default function start(options: { module_or_path: unknown }): Promise<unknown>;
  export const PurchaseTag: TagModule['PurchaseTag'];
}

/** The module's bytes in base 64. */
declare module 'purchase-tag.wasm' {
  const bytes: string;
  export default bytes;
}
