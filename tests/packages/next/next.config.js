/** The project's own folder is the root: a lock file of a folder above means nothing here. */
export default {
  reactStrictMode: true,
  turbopack: { root: import.meta.dirname },
};
