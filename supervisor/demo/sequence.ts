/** Commands that are sent one after the other, each when the server has the one before. */
export class Sequence {
  private last: Promise<unknown> = Promise.resolve();

  add(send: () => Promise<unknown>): Promise<unknown> {
    this.last = this.last.then(send);
    return this.last;
  }
}
