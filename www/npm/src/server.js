/** What Node.js gets, so that server bundles carry nothing of the tag: the same names, and none does anything. */
export const init = () => Promise.resolve(false);
export const purchase = () => {};
export const checkout = () => {};
export const flush = () => {};
export const snapshot = () => Promise.resolve(null);
export const config = () => {};
export const consent = () => {};
export const version = VERSION;
