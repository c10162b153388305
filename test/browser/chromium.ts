import { existsSync } from 'node:fs'
import { chromium, type Browser, type ConsoleMessage, type Page } from 'playwright-core'
import { expect } from 'vitest'

const PATH = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** No window, no sandbox (root has none), and no request that a page did not make. */
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

/** A name as of a deployment: pages behave otherwise towards `localhost`. It leads to this machine. */
export const DEPLOYED_HOST = 'billing.example'

/** Whether there is a browser to test with. Where there is none, says what is left out and how to get it. */
export function hasChromium(leftOut: string): boolean {
  if (existsSync(PATH)) return true
  process.stderr.write(
    `SKIPPED: ${leftOut}. There is no Chromium at ${PATH}: ` +
      'apt-get install chromium, or name another one in CHROMIUM_PATH.\n',
  )
  return false
}

/** The browser, with a profile of its own that goes when it is closed. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: PATH,
    args: [...FLAGS, `--host-resolver-rules=MAP ${DEPLOYED_HOST} 127.0.0.1`],
  })

export type Visit = {
  readonly page: Page
  /** Everything the visit asked for, by host. */
  readonly hosts: ReadonlySet<string>
  readonly end: () => Promise<void>
}

/**
 * What the browser itself remarks: that a page came with a 4xx, that there is no icon, and that plain HTTP under a
 * deployment's name is not to be trusted.
 */
function isRemark(message: ConsoleMessage, page: Page): boolean {
  const { url } = message.location()
  const isOfPage = url === page.url() || url.endsWith('/favicon.ico')
  const text = message.text()
  return (
    (isOfPage && text.startsWith('Failed to load resource: the server responded')) ||
    text.startsWith('The Cross-Origin-Opener-Policy header has been ignored')
  )
}

/**
 * A new person at the browser. `end` fails when a page reported an error on the console or asked another host than those
 * on this machine.
 */
export async function visit(browser: Browser): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-US' })
  const page = await context.newPage()
  const hosts = new Set<string>()
  const complaints: string[] = []
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http')) hosts.add(url.hostname)
  })
  context.on('console', (message) => {
    if (message.type() === 'error' && !isRemark(message, page))
      complaints.push(`${page.url()}: ${message.text()}`)
  })
  context.on('weberror', (error) => complaints.push(`${page.url()}: ${error.error().message}`))
  return {
    page,
    hosts,
    end: async () => {
      await context.close()
      expect(complaints).toEqual([])
      const own = new Set(['127.0.0.1', 'localhost', DEPLOYED_HOST])
      expect([...hosts].filter((host) => !own.has(host))).toEqual([])
    },
  }
}
