import { readdirSync, readFileSync } from 'node:fs';
import { extname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ParseResult, parseSync } from 'oxc-parser';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const ignoredFolders = new Set(['node_modules', '.git', 'data', 'coverage', 'out']);
const codeFolders = /^(protocols|actors|supervisor|test)\//;

export interface TextFile {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** The file for a relative import, else the specifier of a package. */
  readonly target: string;
  readonly relative: boolean;
  /** Every name of the target, where it is imported whole. */
  readonly names: readonly string[] | 'all';
}

export interface CodeFile extends TextFile {
  readonly imports: readonly Import[];
  readonly exports: readonly string[];
  /** Those of the exports that are gone once it runs. */
  readonly types: ReadonlySet<string>;
  readonly program: ParseResult['program'];
}

/** Every text of the project, docs and configuration included. */
export function readTexts(): TextFile[] {
  // In a linked work tree `.git` is a file, and `node_modules` may be a link.
  const entries = readdirSync(root, { withFileTypes: true }).filter(({ name }) => !ignoredFolders.has(name));
  const paths = entries.flatMap((entry) => (entry.isDirectory() ? filesBelow(entry.name) : [entry.name]));
  return paths
    .filter((path) => ['.ts', '.js', '.json', '.md', '.yml', '.conf', ''].includes(extname(path)))
    .map((path) => ({ path, text: readFileSync(posix.join(root, path), 'utf8') }));
}

function filesBelow(folder: string): string[] {
  if (ignoredFolders.has(posix.basename(folder))) return [];
  return readdirSync(posix.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

export function isCode({ path }: TextFile): boolean {
  return codeFolders.test(path) && /\.[jt]s$/.test(path);
}

export function parse({ path, text }: TextFile): CodeFile {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} can't be parsed: ${errors[0]?.message}`);
  const imports: Import[] = module.staticImports.map(({ moduleRequest, entries }) => ({
    ...resolved(path, moduleRequest.value),
    names: entries.some(({ importName }) => importName.kind === 'NamespaceObject')
      ? 'all'
      : entries.map(({ importName }) => importName.name ?? 'default'),
  }));
  for (const { moduleRequest } of module.dynamicImports) {
    const specifier = /^['"](.+)['"]$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[1];
    if (specifier !== undefined) imports.push({ ...resolved(path, specifier), names: 'all' });
  }
  const exports: string[] = [];
  const types = new Set<string>();
  for (const { exportName, importName, moduleRequest, isType } of module.staticExports.flatMap(
    ({ entries }) => entries,
  )) {
    if (isType && exportName.name) types.add(exportName.name);
    if (moduleRequest === null) exports.push(exportName.name ?? 'default');
    else imports.push({ ...resolved(path, moduleRequest.value), names: importName.name ? [importName.name] : 'all' });
  }
  return { path, text, imports, exports, types, program };
}

function resolved(from: string, specifier: string): Pick<Import, 'target' | 'relative'> {
  const relative = specifier.startsWith('.');
  return { relative, target: relative ? posix.join(posix.dirname(from), specifier) : specifier };
}
