#!/usr/bin/env node
import * as module from 'node:module';

// Node.js 22.1 and newer keep compiled code between runs.
module.enableCompileCache?.();

const { main } = await import('../dist/cli.js');
await main(process.argv.slice(2));
