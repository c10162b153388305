import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type World } from '../support/world.ts'
import { DEPLOYED_HOST, hasChromium, launchChromium, visit } from './chromium.ts'

describe.skipIf(!hasChromium('the tests of /docs'))('the reference at /docs', () => {
  let world: World
  let browser: Browser
  beforeAll(async () => {
    ;[world, browser] = await Promise.all([createWorld({ worker: false }), launchChromium()])
  })
  afterAll(async () => {
    await browser.close()
    await world.close()
  })

  test('shows every operation and webhook of the document, and loads nothing from other hosts', async () => {
    const response = await fetch(`${world.url}/openapi.json`)
    type Operations = Record<string, object>
    const { paths, webhooks } = (await response.json()) as Record<string, Operations>
    const operations = [paths, webhooks].flatMap((named = {}) =>
      Object.values(named).flatMap((methods) => Object.keys(methods)),
    )
    const reader = await visit(browser)
    const { port } = new URL(world.url)
    await reader.page.goto(`http://${DEPLOYED_HOST}:${port}/docs`)
    const blocks = reader.page.locator('.opblock')
    await blocks.nth(operations.length - 1).waitFor()
    expect(await blocks.count()).toBe(operations.length)
    await reader.page.getByText('/api/v1/billing/subscriptions/checkout').first().waitFor()
    await reader.page.waitForLoadState('networkidle')
    expect([...reader.hosts]).toEqual([DEPLOYED_HOST])
    await reader.end()
  })
})
