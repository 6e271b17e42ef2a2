import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesOnDisk } from '../../bench/stored.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-stored-'));
  mkdirSync(join(folder, 'batches', 'staged'), { recursive: true });
  writeFileSync(join(folder, 'kept'), 'x'.repeat(10_000));
  writeFileSync(join(folder, 'batches', 'staged', 'block'), 'x'.repeat(10_000));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the files of all folders are counted', () => {
  const whole = bytesOnDisk(folder);
  expect(whole).toBeGreaterThanOrEqual(20_000);
  rmSync(join(folder, 'kept'));
  expect(bytesOnDisk(folder)).toBe(whole / 2);
});

test('a folder that the server has removed meanwhile takes nothing', () => {
  expect(bytesOnDisk(join(folder, 'batches', 'gone'))).toBe(0);
});
