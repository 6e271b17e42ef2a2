import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anyTypes, impurities, longFunctions } from './house/code-rules.ts';
import {
  actorsThatKnowOneAnother,
  cycles,
  idleDependencies,
  strayPackages,
  undeclaredPackages,
  unusedExports,
  wrongWayImports,
} from './house/import-rules.ts';
import { isCode, parse, readTexts } from './house/source-tree.ts';
import {
  bannedText,
  brokenLinks,
  longFiles,
  namesThatHope,
  skippedTests,
  sleepsInTests,
  wrongNames,
} from './house/text-rules.ts';

const texts = readTexts();
const files = texts.filter(isCode).map(parse);
const textOf = (wanted: string): string => texts.find(({ path }) => path === wanted)?.text ?? '';
const manifest = JSON.parse(textOf('package.json'));
const dependencies = Object.keys(manifest.dependencies);

describe('imports', () => {
  test('run one way', () => expect(wrongWayImports(files)).toEqual([]));
  test('of one actor never name another', () => expect(actorsThatKnowOneAnother(files)).toEqual([]));
  test('of NATS are in one folder, and those of pure code are of pure packages', () =>
    expect(strayPackages(files)).toEqual([]));
  test('never run in a circle', () => expect(cycles(files)).toEqual([]));
  test('use every export', () => expect(unusedExports(files)).toEqual([]));
  test('name declared packages only', () =>
    expect(undeclaredPackages(files, [...dependencies, ...Object.keys(manifest.devDependencies)])).toEqual([]));
});

describe('code', () => {
  test('has short functions', () => expect(longFunctions(files)).toEqual([]));
  test('has short files', () => expect(longFiles(texts)).toEqual([]));
  test('of actors and protocols is pure', () => expect(impurities(files)).toEqual([]));
  test('has no any', () => expect(anyTypes(files)).toEqual([]));
  test('is in files named after what they hold', () => expect(wrongNames(texts)).toEqual([]));
  test('and text name no machine and leave nothing for later', () => expect(bannedText(texts)).toEqual([]));
});

describe('tests', () => {
  test('never sleep', () => expect(sleepsInTests(texts)).toEqual([]));
  test('are never skipped', () => expect(skippedTests(texts)).toEqual([]));
  test('claim what holds', () => expect(namesThatHope(texts)).toEqual([]));
});

describe('dependencies', () => {
  test('that run are all used', () => expect(idleDependencies(files, dependencies)).toEqual([]));
  test('that run all have their reason in DECISIONS.md', () => {
    const decisions = textOf('DECISIONS.md').toLowerCase();
    // Packages of one scope are one decision.
    const decided = (name: string) => decisions.includes(name.startsWith('@') ? posix.dirname(name) : name);
    expect(dependencies.filter((name) => !decided(name))).toEqual([]);
  });
});

describe('docs', () => {
  test('link to what is there', () => expect(brokenLinks(texts)).toEqual([]));
});
