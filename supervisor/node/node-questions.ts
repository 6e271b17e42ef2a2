/** The node as its query thread asks it. */
import type { Journal, Movements, Page } from '../gateway/simulator-journal.ts';
import type { FromThread, NodeAnswers, ToThread } from './thread-messages.ts';

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export class NodeQuestions implements NodeAnswers {
  private readonly say: (message: FromThread) => void;
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;

  constructor(say: (message: FromThread) => void) {
    this.say = say;
  }

  journal(account: string, page: Page): Promise<Journal | undefined> {
    return this.ask('journal', account, page) as Promise<Journal | undefined>;
  }

  movements(account: string, page: Page): Promise<Movements | undefined> {
    return this.ask('movements', account, page) as Promise<Movements | undefined>;
  }

  hear(message: Exclude<ToThread, { say: 'stop' }>): void {
    const waiting = this.waiting.get(message.number);
    this.waiting.delete(message.number);
    if (message.say === 'answer') waiting?.resolve(message.answer);
    else waiting?.reject(new Error(message.reason));
  }

  private ask(about: keyof NodeAnswers, account: string, page: Page): Promise<unknown> {
    const number = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      this.say({ say: 'ask', number, about, account, page });
    });
  }
}
