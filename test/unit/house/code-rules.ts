import { Visitor } from 'oxc-parser';
import type { CodeFile } from './source-tree.ts';

const longestFunctionLines = 70;
/** Who asks one of these asks the world: the clock, chance, the process, somebody else. */
const worldly = new Set(
  'process console performance crypto fetch setTimeout setInterval setImmediate queueMicrotask Promise'.split(' '),
);

interface Span {
  readonly start: number;
  readonly end: number;
}

export function longFunctions(files: readonly CodeFile[]): string[] {
  const found: string[] = [];
  for (const file of files.filter(({ path }) => !path.endsWith('.test.ts'))) {
    const judge = (span: Span) => {
      const lines = lineOf(file, span.end) - lineOf(file, span.start) + 1;
      if (lines > longestFunctionLines) found.push(`${at(file, span)} is a function of ${lines} lines`);
    };
    new Visitor({
      FunctionDeclaration: judge,
      FunctionExpression: judge,
      ArrowFunctionExpression: judge,
    }).visit(file.program);
  }
  return found;
}

/** The pure part has no clock, chance, waiting or world: they arrive in the message. */
export function impurities(files: readonly CodeFile[]): string[] {
  const found: string[] = [];
  for (const file of files.filter(({ path }) => /^(actors|protocols)\//.test(path))) {
    const report = (span: Span) =>
      found.push(`${at(file, span)}: ${file.text.slice(span.start, span.end).slice(0, 40)}`);
    const reportAsync = (node: Span & { async: boolean }) => node.async && report(node);
    // A key or a property may be called `process`; only a free name reaches the world.
    const named = new Set<Span>();
    new Visitor({
      AwaitExpression: report,
      FunctionDeclaration: reportAsync,
      FunctionExpression: reportAsync,
      ArrowFunctionExpression: reportAsync,
      NewExpression: (node) => {
        const date = node.callee.type === 'Identifier' && node.callee.name === 'Date';
        if (date && node.arguments.length === 0) report(node);
      },
      Property: ({ key, computed, shorthand }) => {
        if (!computed && !shorthand) named.add(key);
      },
      TSPropertySignature: ({ key }) => {
        named.add(key);
      },
      MemberExpression: (node) => {
        if (!node.computed) named.add(node.property);
        if (/^(Math\.random|Date\.now)$/.test(file.text.slice(node.start, node.end))) report(node);
      },
      Identifier: (node) => {
        if (worldly.has(node.name) && !named.has(node)) report(node);
      },
    }).visit(file.program);
  }
  return found;
}

export function anyTypes(files: readonly CodeFile[]): string[] {
  const found: string[] = [];
  for (const file of files) {
    new Visitor({ TSAnyKeyword: (node) => found.push(at(file, node)) }).visit(file.program);
  }
  return found;
}

function at(file: CodeFile, span: Span): string {
  return `${file.path}:${lineOf(file, span.start)}`;
}

function lineOf({ text }: CodeFile, offset: number): number {
  let line = 1;
  for (let next = text.indexOf('\n'); next >= 0 && next < offset; next = text.indexOf('\n', next + 1)) line++;
  return line;
}
