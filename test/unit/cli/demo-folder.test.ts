import { afterEach, expect, test, vi } from 'vitest';
import { openDemoFolder } from '../../../supervisor/cli/fleet/demo-folder.ts';

afterEach(() => void vi.unstubAllEnvs());

test('a demo without a temporary folder says which one is missing, and what else there is', async () => {
  vi.stubEnv('TMPDIR', '/nowhere/tmp');
  await expect(openDemoFolder()).rejects.toThrow('/nowhere/tmp is no folder: TMPDIR says where');
});
