/**
 * Where a node's CPU goes: a sampled profile (`node --cpu-prof`), its self times added up by part. A sample belongs to the
 * innermost frame that a rule knows, so that what the turn calls in a library counts for what it was called for; work that
 * the gateway or a query started counts for that as a whole.
 */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

export interface CallFrame {
  functionName: string;
  url: string;
  /** From 0. */
  lineNumber: number;
  columnNumber: number;
}

export interface CpuProfile {
  nodes: { id: number; callFrame: CallFrame; children?: number[] }[];
  /** Microseconds of the monotonic clock. */
  startTime: number;
  samples: number[];
  timeDeltas: number[];
}

export interface SelfTime {
  name: string;
  microseconds: number;
}

export interface Attribution {
  busyMicroseconds: number;
  parts: SelfTime[];
  /** Single functions, most expensive first. */
  functions: SelfTime[];
}

interface Rule {
  part: string;
  frame: RegExp;
}

/** Tried on all frames of a stack before the others. */
const OWNERS: readonly Rule[] = [
  { part: 'gateway and simulator', frame: /\/(supervisor|actors)\/gateway|gateway-(requests|source|part)|simulator/ },
  { part: 'queries', frame: /\/supervisor\/(node\/|nats\/)?quer/ },
];

/** `url#function`, innermost frame first. */
const RULES: readonly Rule[] = [
  { part: 'garbage collection', frame: /#\(garbage collector\)$/ },
  { part: 'encode', frame: /codec\.ts#encode|\/turn\/messages\.ts#|chart\.ts#parts|stored-form\.ts#/ },
  { part: 'read', frame: /codec\.ts#decode|read-command\.ts#|read-entry\.ts#|#readSend$/ },
  {
    part: 'read',
    frame: /\/nats\/(log|ordered-reader|delivery|direct-get)\.ts#|nats-core\/lib\/(parser|databuffer)\.js#/,
  },
  { part: 'read', frame: /nats-core\/lib\/protocol\.js#(processMsg|push|dispatch)|#onStreamRead$/ },
  { part: 'statechart', frame: /\/actors\/|node_modules\/(xstate|mutative)\// },
  { part: 'publish', frame: /\/nats\/(batch|bucket)\.ts#|@nats-io\/|node:(internal\/stream|net)/ },
  { part: 'turn', frame: /\/supervisor\/turn\// },
];

/** Ignored: the node has nothing to do. */
const IDLE = '(idle)';

/** The program runs as a bundle: its frames are said to be where they are in its sources. */
export function readProfile(file: string): CpuProfile {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const maps = new Map<string, SourceMap>();
  const nodes = profile.nodes.map((node) => ({ ...node, callFrame: inSources(node.callFrame, maps) }));
  return { ...profile, nodes };
}

const BUNDLED = /\/node_modules\/\.cache\/tillwire\/.*\.js$/;

function inSources(frame: CallFrame, maps: Map<string, SourceMap>): CallFrame {
  const { url, lineNumber, columnNumber } = frame;
  if (!BUNDLED.test(url)) return frame;
  const map = maps.get(url) ?? new SourceMap(JSON.parse(readFileSync(new URL(`${url}.map`), 'utf8')));
  maps.set(url, map);
  const entry = map.findEntry(lineNumber, columnNumber);
  if (!('originalSource' in entry)) return frame;
  return { ...frame, url: new URL(entry.originalSource, url).href, lineNumber: entry.originalLine };
}

/** `from` and `to` in microseconds of the monotonic clock. */
export function attribute(profile: CpuProfile, from: number, to: number): Attribution {
  const stacks = stacksOf(profile);
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  let busyMicroseconds = 0;
  let now = profile.startTime;
  for (const [index, id] of profile.samples.entries()) {
    now += profile.timeDeltas[index] ?? 0;
    const stack = stacks.get(id);
    const lasted = profile.timeDeltas[index + 1] ?? 0;
    if (!stack || now < from || now >= to || stack[0]?.functionName === IDLE) continue;
    busyMicroseconds += lasted;
    add(parts, partOf(stack), lasted);
    add(functions, nameOf(stack[0]), lasted);
  }
  return { busyMicroseconds, parts: ranked(parts), functions: ranked(functions) };
}

function stacksOf({ nodes }: CpuProfile): Map<number, CallFrame[]> {
  const parents = new Map<number, number>();
  for (const { id, children } of nodes) for (const child of children ?? []) parents.set(child, id);
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const stacks = new Map<number, CallFrame[]>();
  for (const { id } of nodes) {
    const stack: CallFrame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = frames.get(at);
      if (frame) stack.push(frame);
    }
    stacks.set(id, stack);
  }
  return stacks;
}

export function partOf(stack: readonly CallFrame[]): string {
  const keys = stack.map(({ url, functionName }) => `${url}#${functionName}`);
  for (const { part, frame } of OWNERS) if (keys.some((key) => frame.test(key))) return part;
  for (const key of keys) {
    const rule = RULES.find(({ frame }) => frame.test(key));
    if (rule) return rule.part;
  }
  return 'rest';
}

function nameOf(frame: CallFrame | undefined): string {
  if (!frame) return '(unknown)';
  const file = frame.url
    .replace(/^.*\/(node_modules|supervisor|actors|protocols)\//, '$1/')
    .replace(/^node_modules\//, '');
  return `${frame.functionName || '(anonymous)'} ${file ? `${file}:${frame.lineNumber + 1}` : ''}`.trim();
}

function add(to: Map<string, number>, name: string, microseconds: number): void {
  to.set(name, (to.get(name) ?? 0) + microseconds);
}

function ranked(times: ReadonlyMap<string, number>): SelfTime[] {
  return [...times]
    .map(([name, microseconds]) => ({ name, microseconds }))
    .sort((a, b) => b.microseconds - a.microseconds);
}
