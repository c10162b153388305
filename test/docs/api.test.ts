import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE_PATH } from '../../api/app.ts'
import { PROJECT } from '../../dev/project.ts'
import { run } from '../../dev/run.ts'
import { blocksOf, codeIn, rowsOf, section, textOf } from '../support/documents.ts'
import { createWorld, type World } from '../support/world.ts'

const page = textOf('docs/api.md')
const readme = textOf('README.md')
const python = spawnSync('python3', ['--version']).status === 0
if (!python) console.warn('python3 is missing: the example in Python is not run.')

let world: World
let state: string
beforeAll(async () => {
  world = await createWorld()
  state = await mkdtemp(join(tmpdir(), 'perennial-docs-'))
})
afterAll(async () => {
  await world.close()
  await rm(state, { recursive: true })
})

/** The text with the addresses of `npm start` replaced by those of this test. */
const here = (text: string) =>
  text
    .replaceAll('http://localhost:3000', world.url)
    .replaceAll('http://localhost:12111', world.simulator.url)

/** Runs a block as a reader pastes it. @returns the status of each call, in order. */
async function paste(block: string): Promise<string[]> {
  const variables = join(state, 'variables')
  const script = join(state, 'block.sh')
  await writeFile(
    script,
    [
      `curl() { command curl --silent --write-out '\\nstatus %{http_code}\\n' "$@"; }`,
      `if [ -f ${variables} ]; then . ${variables}; fi`,
      here(block),
      `declare -p api simulator key user json operator id hold 2>/dev/null > ${variables} || true`,
    ].join('\n'),
  )
  const output = await run({ name: 'bash', command: 'bash', args: [script], timeoutMs: 30_000 })
  await world.settled()
  return [...output.matchAll(/^status (\d+)$/gm)].map(([, status]) => status!)
}

test('the commands of docs/api.md run unchanged, one block after the other', async () => {
  const wrong: string[] = []
  for (const block of blocksOf(page, 'sh')) {
    // A captured answer is proved by the call that uses it.
    const lines = block.split('\n').filter((line) => line.startsWith('curl'))
    const wanted = lines.map((line) => /# (4\d\d)$/.exec(line)?.[1] ?? '2xx')
    const statuses = await paste(block)
    const got = statuses.map((status) => status.replace(/^2\d\d$/, '2xx'))
    if (got.join() !== wanted.join()) wrong.push(`${block}\nanswered ${statuses.join()}`)
  }
  expect(wrong).toEqual([])
})

test('docs/api.md lists every operation of the OpenAPI document, and no other', async () => {
  const document = (await (await fetch(`${world.url}/openapi.json`)).json()) as {
    paths: Record<string, object>
  }
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(BASE_PATH, '')}`),
  )
  const listed = rowsOf(section(page, 'All operations')).map(([cell]) => codeIn(cell))
  expect(listed.sort()).toEqual(operations.sort())
})

const node = (program: string) =>
  run({
    name: 'node',
    command: process.execPath,
    args: ['--import', 'tsx', '--input-type=module', '--eval', here(program)],
    cwd: PROJECT,
    timeoutMs: 30_000,
  })

test('the examples of the README run, one after the other', async () => {
  const [inNode = ''] = blocksOf(readme, 'ts')
  expect((await node(inNode)).trim()).toBe('allowed 99')
  if (!python) return
  const [inPython = ''] = blocksOf(readme, 'python')
  const args = ['-c', here(inPython)]
  const output = await run({ name: 'python3', command: 'python3', args, timeoutMs: 30_000 })
  expect(output.trim()).toBe('allowed')
})
