/**
 * How many bytes all ordered readers of one connection may have on their way together: the server keeps 64 MiB for a client that does
 * not read fast enough, and then cuts its connection.
 *
 * B1 Each reader has an equal share: a large backlog in one log delays no other.
 * B2 A message that does not fit into a share is fetched beyond it, by one reader at a time.
 */
export class ReadBudget {
  /** Bytes for each reader: on their way to it and waiting in it. */
  readonly share: number;
  private last: Promise<void> = Promise.resolve();

  constructor(bytes: number, readers: number) {
    this.share = Math.floor(bytes / readers);
  }

  /** Resolves when nobody else fetches beyond its share, with a function that ends this turn. */
  async beyondShare(): Promise<() => void> {
    const before = this.last;
    let release = (): void => undefined;
    this.last = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return release;
  }
}
