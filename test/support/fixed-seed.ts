/**
 * Loaded before all unit tests: properties are tried on the same values every time, so that a run that fails fails
 * again. `npm run fuzz` is what looks for new ones.
 */
import fc from "fast-check";

fc.configureGlobal({ seed: 1 });
