import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ALLOWED, allows, type Command } from '../../../domain/subscription/commands.ts'
import { isLive, STATUSES } from '../../../domain/subscription/subscription.ts'

const commands = Object.keys(ALLOWED) as Command[]
const live = STATUSES.filter(isLive)

describe.each(commands)('%s', (command) => {
  test('is refused once a subscription has ended', () => {
    expect(STATUSES.filter((status) => !isLive(status) && allows(command, status))).toEqual([])
  })
})

test('whatever can be canceled lives, and whatever lives can be canceled', () => {
  expect(STATUSES.filter((status) => allows('cancel', status))).toEqual(live)
})

test('docs/lifecycle.md shows the table of commands as it is', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/lifecycle.md'), 'utf8')
  const cells = (line: string) => line.split('|').map((cell) => cell.trim())
  const [head = '', , ...rows] = page
    .split('\n')
    .slice(page.split('\n').findIndex((line) => line.startsWith('| command ')))
  const statuses = cells(head).map((cell) => cell.replaceAll('`', ''))
  const shown = rows
    .slice(0, commands.length)
    .map(cells)
    .map((row) => [
      row[1]?.replaceAll('`', ''),
      live.filter((status) => row[statuses.indexOf(status)] === '✓'),
    ])
  expect(Object.fromEntries(shown)).toEqual(
    Object.fromEntries(
      commands.map((command) => [command, live.filter((status) => allows(command, status))]),
    ),
  )
})
