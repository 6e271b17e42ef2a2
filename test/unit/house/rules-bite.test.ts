import { describe, expect, test } from 'vitest';
import { anyTypes, impurities, longFunctions } from './code-rules.ts';
import { actorsThatKnowOneAnother, cycles, strayPackages, unusedExports, wrongWayImports } from './import-rules.ts';
import { parse } from './source-tree.ts';
import { bannedText, longFiles, namesThatHope, sleepsInTests, wrongNames } from './text-rules.ts';

const file = (path: string, text: string) => parse({ path, text });

describe('a house rule finds', () => {
  test('an import against the direction, and a neighbour', () => {
    const wrong = file('actors/order/a.ts', "import { b } from '../../supervisor/turn/b.ts';");
    expect(wrongWayImports([wrong])).toHaveLength(1);
    expect(actorsThatKnowOneAnother([file('actors/order/a.ts', "import { b } from '../store/b.ts';")])).toHaveLength(1);
  });

  test('a package where it does not belong', () => {
    expect(strayPackages([file('supervisor/turn/a.ts', "import { connect } from '@nats-io/jetstream';")])).toHaveLength(
      1,
    );
    expect(strayPackages([file('actors/a.ts', "import { readFileSync } from 'node:fs';")])).toHaveLength(1);
    expect(strayPackages([file('supervisor/nats/a.ts', "import { connect } from '@nats-io/jetstream';")])).toEqual([]);
  });

  test('a circle, once', () => {
    const one = file('actors/one.ts', "import { two } from './two.ts'; export const one = two;");
    const two = file('actors/two.ts', "import { one } from './one.ts'; export const two = one;");
    expect(cycles([one, two])).toEqual(['actors/one.ts -> actors/two.ts -> actors/one.ts']);
  });

  test('an export that nobody wants, but not a type that a signature needs', () => {
    const text =
      'export interface Need { a: 1 }\nexport interface Alone { a: 1 }\nexport const use = (need: Need) => need;';
    const user = file('actors/b.ts', "import { use } from './a.ts'; use({ a: 1 });");
    expect(unusedExports([file('actors/a.ts', text), user])).toEqual(['actors/a.ts exports Alone']);
  });

  test.each([
    'export const now = () => Date.now();',
    'export const now = () => new Date();',
    'export const id = () => crypto.randomUUID();',
    'export async function wait() {}',
    'export const luck = () => Math.random();',
  ])('the world in %s', (text) => {
    expect(impurities([file('actors/a.ts', text)])).not.toEqual([]);
  });

  test('no world in a time that is given, or in a property that is called like it', () => {
    const text = 'export const at = (x: { process: string }) => [new Date(x.process), { console: 1 }];';
    expect(impurities([file('actors/a.ts', text)])).toEqual([]);
  });

  test('what is too long, too vague, or any', () => {
    const long = `export function f() {\n${'f();\n'.repeat(70)}}`;
    expect(longFunctions([file('actors/a.ts', long)])).toEqual(['actors/a.ts:1 is a function of 72 lines']);
    expect(longFiles([file('actors/a.ts', '// \n'.repeat(401))])).toHaveLength(1);
    expect(wrongNames([file('actors/order/utils.ts', ''), file('actors/Order.ts', '')])).toHaveLength(2);
    expect(anyTypes([file('actors/a.ts', 'export const a = (b: any) => b;')])).toEqual(['actors/a.ts:1']);
  });

  test('a sleep, a hope and a path of one machine', () => {
    const sleep = `await new Promise((done) => ${'set'}Timeout(done, 10));`;
    const hope = `${'te'}st('it should hold', () => {});`;
    const read = [file('test/unit/a.test.ts', `${sleep}\n${hope}`), { path: 'a.md', text: `see ${'/'}work/x` }];
    expect(sleepsInTests(read)).toEqual(['test/unit/a.test.ts:1 has setTimeout(']);
    expect(namesThatHope(read)).toEqual(['test/unit/a.test.ts:2 has should']);
    expect(bannedText(read)).toHaveLength(1);
  });
});
