import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SignJWT } from 'jose'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECT } from '../../../dev/project.ts'
import { hasChromium, launchChromium } from '../../browser/chromium.ts'
import { newUser } from '../../support/customer.ts'
import { createWorld } from '../../support/world.ts'

const run = promisify(execFile)
const tsc = join(PROJECT, 'node_modules/typescript/bin/tsc')

/** A project with the package and Node's types as its only dependencies. */
let project: string
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'perennial-package-'))
  const installed = join(project, 'node_modules/@perennial/client')
  await mkdir(join(project, 'node_modules/@types'), { recursive: true })
  await mkdir(installed, { recursive: true })
  await cp(join(PROJECT, 'packages/client/package.json'), join(installed, 'package.json'))
  const outDir = join(installed, 'dist')
  await run(process.execPath, [tsc, '-p', 'packages/client/tsconfig.json', '--outDir', outDir], {
    cwd: PROJECT,
  })
  for (const types of ['@types/node', 'undici-types'])
    await symlink(join(PROJECT, 'node_modules', types), join(project, 'node_modules', types))
  await writeFile(join(project, 'package.json'), '{"type": "module"}')
})
afterAll(() => rm(project, { recursive: true }))

describe('the package', () => {
  test('holds what was built and the program, and no sources', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: PROJECT,
      maxBuffer: 10_000_000,
    })
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[')))
    const paths: string[] = packed.files.map(({ path }: { path: string }) => path)
    expect(paths).toContain('cli/perennial.js')
    const strays = paths.filter((path) => !/^(dist\/|cli\/perennial\.js$|[^/]+$)/.test(path))
    expect(strays).toEqual([])
  })

  test('is called from plain JavaScript', async () => {
    const program = `import { createClient, UnreachableError } from '@perennial/client'
      const billing = createClient({ baseUrl: 'http://127.0.0.1:1', apiKey: 'none', retry: { attemptsMax: 1 } })
      await billing.plans.list().catch((error) => console.log(error instanceof UnreachableError, error.attempts))`
    await writeFile(join(project, 'app.js'), program)
    const { stdout } = await run(process.execPath, ['app.js'], { cwd: project })
    expect(stdout.trim()).toBe('true 1')
  })

  test.each([
    ['Node', ['--module', 'nodenext']],
    ['a bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ])('has types for %s: what the API does not take does not compile', async (_, how) => {
    const program = `import { createClient, type Decision } from '@perennial/client'
      const billing = createClient({ baseUrl: 'http://x', apiKey: 'y', whenUnreachable: 'open' })
      const { usage } = billing.forUser('ada')
      export const decision: Decision = await usage.consume({ feature: 'messages_sent', amount: 1 })
      if (decision.decided_by === 'service') decision.remaining?.toFixed()
      // @ts-expect-error
      await usage.consume({ feature: 'messages_sent', amounts: 1 })
      // @ts-expect-error
      await usage.consume({ amount: 1 })
      // @ts-expect-error
      await billing.call('GET /nothing')
      // @ts-expect-error
      await billing.call('GET /admin/plans/{slug}')
      await billing.call('GET /admin/plans/{slug}', { path: { slug: 'plan_free' } })
      // @ts-expect-error
      createClient({ baseUrl: 'http://x', userToken: 'z' }).usage.consume
    `
    await writeFile(join(project, 'app.ts'), program)
    const flags = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', ...how]
    const compiled = run(process.execPath, [tsc, ...flags, 'app.ts'], { cwd: project })
    await expect(compiled).resolves.toMatchObject({ stdout: '' })
  })
})

describe.skipIf(!hasChromium('the client in a browser'))('in a browser', () => {
  test('a page reads and changes what is the user’s own', async () => {
    const pages = createServer((request, response) => {
      void answer(request.url ?? '/').then(({ type, text }) =>
        response.setHeader('content-type', type).end(text),
      )
    })
    pages.listen(0, '127.0.0.1')
    await once(pages, 'listening')
    const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`
    const secret = 'a secret of a test that is long enough'
    const world = await createWorld({ access: { userTokens: { secret }, corsOrigins: [origin] } })
    const browser = await launchChromium()
    const page = await browser.newPage()
    await page.goto(origin)
    const token = await new SignJWT({ sub: newUser(), exp: Math.floor(Date.now() / 1_000) + 600 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(secret))
    expect(await liveIn(page, world.url, token)).toEqual(['active', 'plan_free', 'unauthenticated'])
    await browser.close()
    pages.close()
    await world.close()
  })

  const answer = async (path: string) =>
    path.endsWith('.js')
      ? {
          type: 'text/javascript',
          text: await readFile(join(project, 'node_modules/@perennial/client/dist', path)),
        }
      : { type: 'text/html', text: '<!doctype html><title>An application</title>' }

  /** As text: the test runner rewrites functions, and rewritten ones do not run in a page. */
  const liveIn = (page: Page, baseUrl: string, userToken: string) =>
    page.evaluate(`(async (given) => {
      const { createClient } = await import('/index.js')
      const billing = createClient(given)
      const { status } = await billing.subscriptions.checkout({ plan_id: 'plan_free' })
      const { plan } = await billing.usage.current()
      const stranger = createClient({ ...given, userToken: 'none' })
      const { code } = await stranger.usage.current().catch((error) => error)
      return [status, plan, code]
    })(${JSON.stringify({ baseUrl, userToken })})`)
})
