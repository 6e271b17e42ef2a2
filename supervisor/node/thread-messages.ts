/** What a node and its query thread say to one another. */
import type { Journal, Movements, Page } from '../gateway/simulator-journal.ts';
import type { Accounts } from './accounts-config.ts';

/** Given to the thread when it starts. */
export interface QueryThreadOptions {
  node: string;
  natsUrl: string;
  version: string;
  accounts: Accounts;
  /** All other threads of the process give way to it. */
  goesFirst: boolean;
}

/** What only the node itself can answer: the simulator's books are large, and in its memory. */
export interface NodeAnswers {
  journal(account: string, page: Page): Promise<Journal | undefined>;
  movements(account: string, page: Page): Promise<Movements | undefined>;
}

export type FromThread =
  /** `thread`: as `threadId` tells it. */
  | { say: 'ready'; thread: number | undefined }
  | { say: 'ask'; number: number; about: keyof NodeAnswers; account: string; page: Page };

export type ToThread =
  | { say: 'stop' }
  | { say: 'answer'; number: number; answer: unknown }
  | { say: 'no-answer'; number: number; reason: string };
