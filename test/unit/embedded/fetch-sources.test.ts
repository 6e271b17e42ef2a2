import { describe, expect, test } from 'vitest';
import { aptConfiguration, debianMirror } from '../../../supervisor/embedded/debian-package.ts';
import { checksumOf } from '../../../supervisor/embedded/github-release.ts';

const sum = 'a'.repeat(64);

describe('the checksums of a release', () => {
  test('are read with text and binary marks', () => {
    const sums = `${'b'.repeat(64)}  other.tar.gz\n${sum} *server.tar.gz\n`;
    expect(checksumOf(sums, 'server.tar.gz')).toBe(sum);
    expect(checksumOf(sums, 'other.tar.gz')).toBe('b'.repeat(64));
  });

  test('are missed, not guessed, when a file is not named or its sum is none', () => {
    expect(() => checksumOf(`${sum}  server.tar.gz.sig`, 'server.tar.gz')).toThrow(/does not name/);
    expect(() => checksumOf('abc  server.tar.gz', 'server.tar.gz')).toThrow(/does not name/);
  });
});

describe("the system's apt configuration", () => {
  test('tells the mirror of the whole archive, not that of security', () => {
    const uris = [
      "'https://mirror.example/debian-security/dists/bookworm-security/InRelease' name 0",
      "'https://other.example/stable/dists/nodistro/InRelease' name 0",
      "'https://mirror.example/debian/dists/bookworm/InRelease' name 0",
    ];
    expect(debianMirror(uris.join('\n'))).toBe('https://mirror.example/debian');
    expect(debianMirror(uris[1] ?? '')).toBeUndefined();
  });

  test('gives the proxy, and neither hooks nor leave to skip signatures', () => {
    const dump = [
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::AllowInsecureRepositories "1";',
      'APT::Update::Post-Invoke:: "rm -f everything";',
      'Dir::Cache "var/cache/apt";',
    ];
    const configuration = aptConfiguration('/folder', dump.join('\n'));
    expect(configuration).toMatch('proxy.example');
    expect(configuration).not.toMatch(/AllowInsecure|Post-Invoke|var\/cache/);
    expect(configuration).toMatch('Dir::Cache "/folder/cache";');
  });
});
