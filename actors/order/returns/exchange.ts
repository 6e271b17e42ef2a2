/** What the records of two orders keep of an exchange: the return of one pays for the other. */

/** Of the order that is paid for. */
export interface AwaitedExchange {
  readonly order: string;
  readonly return: string;
  /** Minor units, as said at placement. */
  readonly amount: number;
  /** What the other order was told; it only gets less. */
  readonly wanted: number;
  /** No more than this comes. */
  readonly over?: number;
  /** It did not come in time: what is missing is not counted on, and taken all the same where nothing else paid in its place. */
  readonly overdue?: true;
}

/** Of the order whose return pays. */
export interface Exchange {
  readonly return: string;
  readonly order: string;
  /** Minor units; not there before the new order said so: the refund waits for it. */
  readonly wanted?: number;
  readonly given: number;
  /** The new order did not come in time: the refund waits no longer. */
  readonly lapsed?: true;
  /** The new order was told that nothing more comes. */
  readonly over?: true;
}
