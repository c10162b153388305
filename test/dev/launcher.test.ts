import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { nodeProgram } from '../../dev/project.ts'

test('a program launched by npm notices the end of npm, even by kill -9', async () => {
  const { command, args, cwd } = nodeProgram('test/dev/launched.ts')
  // As npm's shell: it waits for the program and does not forward signals.
  const shell = spawn('/bin/sh', ['-c', '"$@" & wait', 'npm', command, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: shell.stdout })
  expect(await once(lines, 'line')).toEqual(['ready'])
  shell.kill('SIGKILL')
  expect(await once(lines, 'line')).toEqual(['launcher ended'])
})
