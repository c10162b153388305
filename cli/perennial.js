#!/usr/bin/env node
// A clone runs the sources directly; a package contains only the output of `npm run build`.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 20)) {
  console.error(`Perennial needs Node 20.20 or newer. This is Node ${process.versions.node}.`)
  process.exit(2)
}

const sources = new URL('./main.ts', import.meta.url)
if (existsSync(sources)) {
  const { register } = await import('tsx/esm/api')
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) })
  await import(sources.href)
} else {
  await import('../dist/cli/main.js')
}
