import { expect, test } from 'vitest';
import type { RuleVersion } from '../../../protocols/commission.ts';
import { RuleVersions } from '../../../supervisor/nats/rule-versions.ts';
import { KnownRules } from '../../../supervisor/node/known-rules.ts';
import { eventually } from '../../fixture/eventually.ts';
import { rejectFailure, useSystem } from './nats-fixture.ts';

const system = useSystem();
const version = (name: string, day: string, percent: string): RuleVersion => ({
  version: name,
  validFrom: `${day}T00:00:00Z`,
  rules: [{ rule: 'all', percent }],
});
const V1 = version('v1', '2026-01-01', '0.1');
const V2 = version('v2', '2026-02-01', '0.2');

test('a version is published once, and every node hears of it', async () => {
  const versions = new RuleVersions(system.connection);
  const here = new KnownRules();
  await here.open(versions, { versions: [V1] });
  const following = await versions.follow((heard) => here.learn(heard), rejectFailure);
  const there = new KnownRules();
  await there.open(versions, { versions: [V1, V2] });
  expect(there.ruleBook).toEqual({ versions: [V1, V2] });
  await eventually(() => here.ruleBook.versions.length === 2, { what: 'the first node knows both versions' });
  expect(here.ruleBook).toEqual(there.ruleBook);
  await following.stop();
});

test('a version with other content is refused, and what was published stays', async () => {
  const versions = new RuleVersions(system.connection);
  await versions.publish([V1]);
  const changed = { ...V1, rules: [{ rule: 'all', percent: '0.3' }] };
  await expect(new KnownRules().open(versions, { versions: [changed] })).rejects.toThrow(
    'version v1 is published with other content',
  );
  const late = new KnownRules();
  await late.open(versions, { versions: [] });
  expect(late.ruleBook.versions).toContainEqual(V1);
});

test('a version that starts with a published one is refused', async () => {
  const versions = new RuleVersions(system.connection);
  await versions.publish([V1]);
  const rival = version('v1b', '2026-01-01', '0.3');
  await expect(new KnownRules().open(versions, { versions: [rival] })).rejects.toThrow('overlaps v1');
  expect(await versions.published()).not.toContainEqual(rival);
});

test('a published version of an instant that nobody can read, and one whose rules would be refused today, stop no node', async () => {
  const versions = new RuleVersions(system.connection);
  const unread = { ...version('v3', '2026-03-01', '0.3'), validFrom: '2026-03-01T00:00:00Z[UTC]' };
  const empty = { ...version('v4', '2026-04-01', '0.4'), rules: [] };
  await versions.publish([V1, unread, empty]);
  const rules = new KnownRules();
  await rules.open(versions, { versions: [] });
  const known = rules.ruleBook.versions.map((one) => one.version);
  expect(known).toContain('v4');
  expect(known).not.toContain('v3');
});
