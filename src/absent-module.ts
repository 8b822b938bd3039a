/**
 * Stands in, in the bundle, for modules that libraries load at their start but that erpsync never uses: HTTP/2
 * (undici), child processes (commander's external commands), schemas and migrations of stored files (conf).
 * Loading the real ones would take longer than the rest of a command. The build maps their names to this file.
 */
export const constants = {};

/** What conf checks files against when it is given a schema. */
export class Ajv2020 {
  constructor() {
    throw new Error('this bundle has no JSON schemas');
  }
}

export default {};
