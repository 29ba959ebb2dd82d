// No file imports itself by way of others, in types neither: what is in a circle can only be understood all at once.
/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      comment: "Move what both files need, often a type, into a file of its own below them.",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    // Imports of types count: they are gone after compiling, but not for the reader.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
  },
};
