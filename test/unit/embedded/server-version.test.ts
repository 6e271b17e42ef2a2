import { describe, expect, test } from 'vitest';
import { isRecentEnough, MINIMUM_VERSION, parseServerVersion } from '../../../supervisor/embedded/server-version.ts';

const accepts = (printed: string): boolean | undefined => {
  const version = parseServerVersion(printed);
  return version && isRecentEnough(version);
};

describe('the version of a nats-server', () => {
  test('is read from what --version prints', () => {
    expect(parseServerVersion('nats-server: v2.15.1\n')?.text).toBe('2.15.1');
    expect(parseServerVersion('nats-server: v2.15.0-RC.2')).toMatchObject({ text: '2.15.0-RC.2', preview: true });
    expect(parseServerVersion('nats-server: 2.9.10')?.numbers).toEqual([2, 9, 10]);
  });

  test('is unknown when something else is printed', () => {
    expect(parseServerVersion('command not found')).toBeUndefined();
    expect(parseServerVersion('')).toBeUndefined();
  });

  test.each([MINIMUM_VERSION, '2.14.5', '2.15.0', '2.15.1', '2.100.0', '3.0.0', '2.15.0-RC.1'])(
    '%s is accepted',
    (text) => {
      expect(accepts(text)).toBe(true);
    },
  );

  test.each(['2.14.3', '2.14.4-RC.1', '2.12.14', '2.9.10', '1.15.1'])('%s is refused', (text) => {
    expect(accepts(text)).toBe(false);
  });
});
