/** A query that nobody answered is asked again: a node that dies takes the questions it had with it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { TradingTerminal } from './terminal-port.ts';

const ASK_AGAIN_MS = 500;
const GIVE_UP_MS = 60_000;

export function patient(terminal: TradingTerminal): TradingTerminal {
  return {
    send: (...args) => terminal.send(...args),
    listen: (...args) => terminal.listen(...args),
    query: async (...args) => {
      const began = performance.now();
      for (;;) {
        try {
          return await terminal.query(...args);
        } catch (error) {
          if (performance.now() - began > GIVE_UP_MS) throw error;
          await pause(ASK_AGAIN_MS);
        }
      }
    },
  };
}
