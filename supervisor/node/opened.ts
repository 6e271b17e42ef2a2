/** What a part has opened so far. A start that fails half way leaves nothing of it running, and a stop ends it in the same order. */
type Close = () => unknown;

export class Opened {
  private readonly closes: Close[] = [];

  /** Closed before what was opened before it. */
  push(close: Close): void {
    this.closes.push(close);
  }

  /** Closes all of it, whatever one of them throws; rejects with the first of that. */
  readonly close = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const close of this.closes.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
}

/** What `start` returns; where it fails, what it had opened is closed again. */
export async function opening<Started>(start: (opened: Opened) => Promise<Started>): Promise<Started> {
  const opened = new Opened();
  try {
    return await start(opened);
  } catch (error) {
    await opened.close().catch(() => undefined);
    throw error;
  }
}
