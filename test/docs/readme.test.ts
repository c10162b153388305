import { describe, expect, test } from 'vitest'
import { banner } from '../../dev/banner.ts'
import { USUAL_PORTS, type StackContext } from '../../dev/context.ts'
import type { Stack } from '../../dev/stack.ts'
import { blocksOf, section, textOf } from '../support/documents.ts'

const LINES_MAX = 180
const readme = textOf('README.md')

describe('the README', () => {
  test(`has at most ${LINES_MAX} lines`, () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(LINES_MAX)
  })

  test('begins with one sentence about the product', () => {
    const [, first] = readme.split('\n\n')
    expect(first).toBe('Plans, quotas and self-service billing on your own Stripe account.')
  })

  test('has the curl lines that the stack prints', () => {
    const printed = linesOfBanner()
    expect(printed).toHaveLength(4)
    const block = blocksOf(section(readme, 'Start'), 'sh').find((text) => text.startsWith('curl'))
    expect(block?.trim().split('\n')).toEqual(printed)
  })

  test('draws the running parts', () => {
    const [picture = ''] = blocksOf(section(readme, 'How it works'), 'mermaid')
    for (const part of ['API', 'Worker', 'Postgres', 'Temporal', 'Stripe', 'Mail server'])
      expect(picture).toContain(part)
  })
})

/** Printed with every part embedded and on its usual port. */
function linesOfBanner(): string[] {
  const context = {
    environment: { PORT: 3000, PERENNIAL_STATE: '.perennial' },
    ports: { api: 3000, ...USUAL_PORTS },
  } as StackContext
  const stack = {
    apiUrl: 'http://localhost:3000',
    temporal: { address: '', uiUrl: '', detail: '' },
    stripe: { apiKey: '', apiBase: 'http://127.0.0.1:12111', webhookSecret: '', detail: '' },
    mail: { smtpUrl: '', pageUrl: '', detail: '' },
    database: { url: '', detail: '' },
    webhookSecretKeys: '',
  } satisfies Stack
  return banner(context, stack, 1)
    .split('\n')
    .filter((line) => line.startsWith('curl'))
}
