interface Packages {
  vsix: string;
  tgz: string;
  /** The home folder of the user who has them. */
  home: string;
}

/** What `npm test` tells these tests of the packages that it made. */
export function packages(): Packages {
  const given = process.env.TLBSCOPE_PACKAGES;
  if (!given) throw new Error("These tests need packages that are made. Run them with: npm test -- --package");
  return JSON.parse(given) as Packages;
}
