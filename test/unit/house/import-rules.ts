import type { CodeFile, Import } from './source-tree.ts';

/** Imports run to the left only. */
const layers = ['protocols', 'actors', 'supervisor', 'test'];
/** These are actors; what else is in `actors/` is shared judgement. */
const actorFolders = ['order', 'store', 'return', 'sourcing', 'gateway'];
const natsFolder = 'supervisor/nats/';
/** Only these may be imported by what must stay pure. */
const purePackages = ['typebox', 'typebox/compile', 'typebox/value', 'msgpackr', 'xstate', 'mutative'];
/** Started by name, or read by a tool: nobody imports them. */
const entryPoints = /(^|\/)main\.ts$|\.test\.ts$|^test\/fixture\/server-binary\.ts$/;

export function wrongWayImports(files: readonly CodeFile[]): string[] {
  return eachImport(files, ({ path }, { relative, target }) => {
    // The program's own version is read from there.
    if (!relative || target === 'package.json') return undefined;
    const [from, to] = [layerOf(path), layerOf(target)];
    if (to < 0) return `${path} imports ${target}, which is in no layer`;
    return to > from ? `${path} imports ${target}: imports run ${layers.join(' <- ')}` : undefined;
  });
}

export function actorsThatKnowOneAnother(files: readonly CodeFile[]): string[] {
  return eachImport(files, ({ path }, { target }) => {
    const [from, to] = [actorOf(path), actorOf(target)];
    return from !== undefined && to !== undefined && from !== to ? `${path} imports ${target}` : undefined;
  });
}

export function strayPackages(files: readonly CodeFile[]): string[] {
  return eachImport(files, ({ path }, { relative, target, names }) => {
    if (relative || path.startsWith('test/')) return undefined;
    if (target.startsWith('@nats-io/') && !path.startsWith(natsFolder)) return `${path} imports ${target}`;
    const pure = path.startsWith('protocols/') || path.startsWith('actors/');
    const hash = target === 'node:crypto' && names !== 'all' && names.every((name) => name === 'createHash');
    return pure && !hash && !purePackages.includes(target) ? `${path} imports ${target}` : undefined;
  });
}

export function cycles(files: readonly CodeFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const finished = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(' -> '));
    if (start >= 0 || finished.has(path)) return;
    for (const { relative, target } of byPath.get(path)?.imports ?? []) {
      if (relative) visit(target, [...trail, path]);
    }
    finished.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}

export function unusedExports(files: readonly CodeFile[]): string[] {
  const used = new Map<string, Set<string> | 'all'>();
  for (const { target, names } of files.flatMap((file) => file.imports)) {
    const before = used.get(target) ?? new Set();
    used.set(target, names === 'all' || before === 'all' ? 'all' : new Set([...before, ...names]));
  }
  return files
    .filter(({ path }) => !entryPoints.test(path))
    .flatMap(({ path, text, exports, types }) => {
      const names = used.get(path) ?? new Set();
      if (names === 'all') return [];
      const unused = exports.filter((name) => !names.has(name) && !(types.has(name) && isNamedAgain(name, text)));
      return unused.map((name) => `${path} exports ${name}`);
    });
}

/** Packages that are imported and not declared, or declared for running and not imported by what runs. */
export function undeclaredPackages(files: readonly CodeFile[], declared: readonly string[]): string[] {
  return eachImport(files, ({ path }, { relative, target }) => {
    if (relative || target.startsWith('node:')) return undefined;
    return declared.includes(packageOf(target)) ? undefined : `${path} imports ${target}`;
  });
}

export function idleDependencies(files: readonly CodeFile[], dependencies: readonly string[]): string[] {
  const running = files.filter(({ path }) => !path.startsWith('test/'));
  const imported = new Set(running.flatMap(({ imports }) => imports.map(({ target }) => packageOf(target))));
  return dependencies.filter((name) => !imported.has(name));
}

/** A type that another declaration of its file speaks of is part of that one's signature. */
function isNamedAgain(name: string, text: string): boolean {
  return text.split(new RegExp(`\\b${name}\\b`)).length > 2;
}

function eachImport(
  files: readonly CodeFile[],
  judge: (file: CodeFile, imported: Import) => string | undefined,
): string[] {
  return files.flatMap((file) => file.imports.flatMap((imported) => judge(file, imported) ?? []));
}

function layerOf(path: string): number {
  return layers.indexOf(path.slice(0, path.indexOf('/')));
}

function actorOf(path: string): string | undefined {
  const folder = /^actors\/([^/]+)\//.exec(path)?.[1];
  return folder !== undefined && actorFolders.includes(folder) ? folder : undefined;
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
