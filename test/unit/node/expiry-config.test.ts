import { expect, test } from 'vitest';
import { completeExpiry } from '../../../supervisor/node/expiry-config.ts';

test('an authorisation that ends is renewed half a day before, unless it is said otherwise', () => {
  expect(completeExpiry({}, 'x')).toEqual({
    act: 'reauthorise',
    warnBeforeMs: 86_400_000,
    actBeforeMs: 43_200_000,
    maxReauthorisations: 10,
  });
  expect(completeExpiry({ expiry: 'release', warnBeforeHours: 6, maxReauthorisations: 0 }, 'x')).toEqual({
    act: 'release',
    warnBeforeMs: 21_600_000,
    actBeforeMs: 21_600_000,
    maxReauthorisations: 0,
  });
});

test('acting before warning is refused, with the field', () => {
  expect(() => completeExpiry({ actBeforeHours: 30 }, 'x.json')).toThrow(
    'x.json: authorisation.actBeforeHours 30 is more than warnBeforeHours 24',
  );
});
