/** `--profile`: where the node's CPU went, sampled from its start to its end. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Attribution, attribute, readProfile } from '../bench/cpu-profile.ts';
import { profileFile } from '../bench/profile.ts';

const FUNCTIONS_SHOWN = 25;

export class NodeProfile {
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async prepare(): Promise<NodeProfile> {
    return new NodeProfile(await mkdtemp(join(tmpdir(), 'tillwire-profile-')));
  }

  get execArgv(): string[] {
    return ['--cpu-prof', `--cpu-prof-dir=${this.folder}`];
  }

  /** Once the node has ended in order. */
  async read(): Promise<Attribution> {
    try {
      const whole = attribute(readProfile(await profileFile(this.folder)), 0, Number.POSITIVE_INFINITY);
      return { ...whole, functions: whole.functions.slice(0, FUNCTIONS_SHOWN) };
    } finally {
      await rm(this.folder, { recursive: true, force: true });
    }
  }
}
