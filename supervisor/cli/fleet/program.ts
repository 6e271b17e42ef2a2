import { fileURLToPath } from 'node:url';

/** What child processes run: the same program as this one. */
export const PROGRAM = fileURLToPath(new URL('../tillwire.js', import.meta.url));
