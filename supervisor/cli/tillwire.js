#!/usr/bin/env node
// Plain JavaScript, as what it calls: it runs before dependencies, and so before TypeScript, are there.
import { bundledProgram } from './bundle.js';
import { installDependencies } from './install-dependencies.js';

const LINGER_MS = 1000;

await installDependencies();
// Libraries leave the checks out that they make for developers.
process.env.NODE_ENV ??= 'production';
process.setSourceMapsEnabled(true);
const program = await bundledProgram().catch((error) => {
  console.error(`tillwire: ${error.message}`);
  process.exit(1);
});
const { main } = await import(program);
process.exitCode = await main(process.argv.slice(2));
// Whoever reads slowly what was said is waited for; a socket whose server stands still is not.
process.stdout.write('', () => setTimeout(() => process.exit(), LINGER_MS).unref());
