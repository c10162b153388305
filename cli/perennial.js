#!/usr/bin/env node
// In a clone the sources run as they are; a package holds only what `npm run build` made of them.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const sources = new URL('./main.ts', import.meta.url)
if (existsSync(sources)) {
  const { register } = await import('tsx/esm/api')
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) })
  await import(sources.href)
} else {
  await import('../dist/cli/main.js')
}
