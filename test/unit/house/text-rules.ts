import { posix } from 'node:path';
import { isCode, type TextFile } from './source-tree.ts';

const longestFileLines = 400;
const longestArchitectureLines = 150;
const vagueNames = ['utils', 'util', 'helpers', 'helper', 'common', 'types', 'misc', 'index'];
/** A top folder, two more, and the file. */
const deepestPath = 4;

/** Put together here, so that this file doesn't hold them itself. */
const bannedWords = [
  ['/', 'work/'],
  ['/', 'tmp/'],
  ['/', 'root/'],
  ['TO', 'DO'],
  ['FIX', 'ME'],
  ['@ts-', 'ignore'],
  ['@ts-', 'nocheck'],
].map((parts) => parts.join(''));

export function longFiles(files: readonly TextFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const limit =
      path === 'ARCHITECTURE.md' ? longestArchitectureLines : isCode({ path, text }) ? longestFileLines : Infinity;
    const lines = text.trimEnd().split('\n').length;
    return lines > limit ? [`${path} has ${lines} lines, ${limit} at most`] : [];
  });
}

export function wrongNames(files: readonly TextFile[]): string[] {
  return files.filter(isCode).flatMap(({ path }) => {
    const parts = path.split('/');
    const names = parts.map((part) => part.replace(/(\.test)?\.[jt]s$/, ''));
    const vague = names.find((name) => vagueNames.includes(name));
    if (vague !== undefined) return [`${path} is named after nothing: ${vague}`];
    if (!names.every((name) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))) return [`${path} is not in lower kebab`];
    return parts.length > deepestPath ? [`${path} is too deep`] : [];
  });
}

export function bannedText(files: readonly TextFile[]): string[] {
  return eachLine(files, (line) => bannedWords.find((word) => line.includes(word)));
}

/** Tests wait for a condition, by `eventually`; the bench measures time and may spend it. */
export function sleepsInTests(files: readonly TextFile[]): string[] {
  const tests = files.filter(({ path }) => path.startsWith('test/') && !/^test\/(bench|unit\/house)\//.test(path));
  const judged = tests.filter(({ path }) => isCode({ path, text: '' }) && path !== 'test/fixture/eventually.ts');
  return eachLine(judged, (line) => /\bsetTimeout\(|\bsetTimeout\b.*timers\/promises/.exec(line)?.[0]);
}

export function skippedTests(files: readonly TextFile[]): string[] {
  return eachLine(
    files.filter(isTest),
    (line) => /\b(test|it|describe)\.(skip|only|todo|skipIf|runIf)\b/.exec(line)?.[0],
  );
}

/** A test's name claims what holds. */
export function namesThatHope(files: readonly TextFile[]): string[] {
  return eachLine(
    files.filter(isTest),
    (line) =>
      /\b(?:test|it|describe)(?:\.\w+)?\(\s*['"`].*\b(should|works (?:correctly|as expected|fine))\b/.exec(line)?.[1],
  );
}

export function brokenLinks(files: readonly TextFile[]): string[] {
  const paths = files.map(({ path }) => path);
  const exists = (target: string) => paths.some((path) => path === target || path.startsWith(`${target}/`));
  return files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, target]) => posix.join(posix.dirname(path), target ?? '').replace(/\/$/, ''))
        .filter((target) => !exists(target))
        .map((target) => `${path} links to ${target}`),
    );
}

function isTest({ path }: TextFile): boolean {
  return path.endsWith('.test.ts');
}

function eachLine(files: readonly TextFile[], judge: (line: string) => string | undefined): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const found = judge(line);
      return found === undefined ? [] : [`${path}:${index + 1} has ${found}`];
    }),
  );
}
