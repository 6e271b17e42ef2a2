/** What trading needs of a terminal: the public wire contract and nothing more. */

export interface LiveMessage {
  subject: string;
  payload: unknown;
}

export interface TradingTerminal {
  /** Resolves when the server has stored the command. */
  send(subject: string, payload: object, id: string): Promise<unknown>;
  /** Undefined when there is no such entity. */
  query<Reply>(subject: string, request?: object): Promise<Reply | undefined>;
  /** Live messages, in the order in which each subject's were published. */
  listen(subjects: readonly string[], heard: (message: LiveMessage) => void): Promise<void>;
}
