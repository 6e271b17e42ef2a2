#!/usr/bin/env node
// The only plain JavaScript of the program: it runs before dependencies, and so before TypeScript, are there.
import { installDependencies } from './install-dependencies.js';

installDependencies();
// Libraries leave the checks out that they make for developers.
process.env.NODE_ENV ??= 'production';
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
