/** All versions of the commission rules that this node knows, in order: its configuration's, and whatever any node ever published. */
import { versionProblems } from '../../actors/commission/check-rules.ts';
import type { RuleBook, RuleVersion } from '../../protocols/commission.ts';
import type { RuleVersions } from '../nats/rule-versions.ts';

export class KnownRules {
  private book: RuleBook = { versions: [] };

  get ruleBook(): RuleBook {
    return this.book;
  }

  /** Publishes the configured ones; throws where they contradict what is published, and publishes nothing then. */
  async open(versions: RuleVersions, configured: RuleBook): Promise<void> {
    this.learnAll(await versions.published());
    this.learnAll(configured.versions);
    await versions.publish(configured.versions);
    // Another node may have published meanwhile.
    this.learnAll(await versions.published());
  }

  /** A version never changes, so the first word is the last. */
  learn(version: RuleVersion): void {
    if (this.book.versions.some((known) => known.version === version.version)) return;
    // Of an instant that nobody can read: it was never in force, and has no place in the order.
    if (Number.isNaN(Date.parse(version.validFrom))) return;
    const versions = [...this.book.versions, version];
    versions.sort((a, b) => Date.parse(a.validFrom) - Date.parse(b.validFrom));
    this.book = { versions };
  }

  private learnAll(versions: readonly RuleVersion[]): void {
    for (const version of versions) this.learn(version);
    const [problem] = versionProblems(this.book.versions);
    if (problem) throw new Error(`commission, with the versions that are published: ${problem}`);
  }
}
