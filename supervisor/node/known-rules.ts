/** All versions of the commission rules that this node knows, in order: its configuration's, and whatever any node ever published. */
import { problemsOf } from '../../actors/commission/check-rules.ts';
import type { RuleBook, RuleVersion } from '../../protocols/commission.ts';
import type { RuleVersions } from '../nats/rule-versions.ts';

export class KnownRules {
  private book: RuleBook = { versions: [] };

  get ruleBook(): RuleBook {
    return this.book;
  }

  /** Publishes the configured ones; throws where they contradict what is published. */
  async open(versions: RuleVersions, configured: RuleBook): Promise<void> {
    await versions.publish(configured.versions);
    for (const version of await versions.published()) this.learn(version);
    const [problem] = problemsOf(this.book);
    if (problem) throw new Error(`commission, with the versions that are published: ${problem}`);
  }

  /** A version never changes, so the first word is the last. */
  learn(version: RuleVersion): void {
    if (this.book.versions.some((known) => known.version === version.version)) return;
    const versions = [...this.book.versions, version];
    versions.sort((a, b) => Date.parse(a.validFrom) - Date.parse(b.validFrom));
    this.book = { versions };
  }
}
