import { existsSync } from 'node:fs'
import { chromium, type Browser, type ConsoleMessage, type Page } from 'playwright-core'
import { expect } from 'vitest'

const PATH = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** No window, no sandbox (root has none), and no background requests. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A host name as in a deployment: browsers treat `localhost` differently. It resolves to this machine. */
export const DEPLOYED_HOST = 'billing.example'

/**
 * Whether Chromium is installed. Without it, prints which tests are skipped and how to install it.
 *
 * @param skipped What is not tested without a browser.
 */
export function hasChromium(skipped: string): boolean {
  if (existsSync(PATH)) return true
  process.stderr.write(
    `SKIPPED: ${skipped}. There is no Chromium at ${PATH}: ` +
      'apt-get install chromium, or set CHROMIUM_PATH.\n',
  )
  return false
}

/** Starts the browser with a temporary profile. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: PATH,
    args: [...FLAGS, `--host-resolver-rules=MAP ${DEPLOYED_HOST} 127.0.0.1`],
  })

export type Visit = {
  readonly page: Page
  /** The hosts of all requests of the visit. */
  readonly hosts: ReadonlySet<string>
  readonly end: () => Promise<void>
}

/** Whether a console error is expected: a page with a 4xx, a missing icon, or plain HTTP under a deployment's host name. */
function isExpected(message: ConsoleMessage, page: Page): boolean {
  const { url } = message.location()
  const isOfPage = url === page.url() || url.endsWith('/favicon.ico')
  const text = message.text()
  return (
    (isOfPage && text.startsWith('Failed to load resource: the server responded')) ||
    text.startsWith('The Cross-Origin-Opener-Policy header has been ignored')
  )
}

/** Opens a new browser context. `end` fails if a page logged an error or sent a request to a host not on this machine. */
export async function visit(browser: Browser): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-US' })
  const page = await context.newPage()
  const hosts = new Set<string>()
  const errors: string[] = []
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http')) hosts.add(url.hostname)
  })
  context.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message, page))
      errors.push(`${page.url()}: ${message.text()}`)
  })
  context.on('weberror', (error) => errors.push(`${page.url()}: ${error.error().message}`))
  return {
    page,
    hosts,
    end: async () => {
      await context.close()
      expect(errors).toEqual([])
      const own = new Set(['127.0.0.1', 'localhost', DEPLOYED_HOST])
      expect([...hosts].filter((host) => !own.has(host))).toEqual([])
    },
  }
}
