// Prints `N passed, N failed, N skipped` from vitest's JSON; a run that never reached vitest ran none.
import { existsSync, readFileSync } from 'node:fs';

const path = process.argv[2];
const report = path && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0, testResults = [] } = report;
// A file that fails to load has no tests of its own to fail.
const brokenFiles = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
console.log(
  `${numPassedTests} passed, ${numFailedTests + brokenFiles} failed, ${numPendingTests + numTodoTests} skipped`,
);
