import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ALLOWED, allows, type Command } from '../../../domain/subscription/commands.ts'
import { isLive, STATUSES } from '../../../domain/subscription/subscription.ts'

const moves = Object.keys(ALLOWED) as Command[]
const live = STATUSES.filter(isLive)

describe.each(moves)('%s', (move) => {
  test('is refused once a subscription is over', () => {
    expect(STATUSES.filter((status) => !isLive(status) && allows(move, status))).toEqual([])
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
    .slice(0, moves.length)
    .map(cells)
    .map((row) => [
      row[1]?.replaceAll('`', ''),
      live.filter((status) => row[statuses.indexOf(status)] === '✓'),
    ])
  expect(Object.fromEntries(shown)).toEqual(
    Object.fromEntries(moves.map((move) => [move, live.filter((status) => allows(move, status))])),
  )
})
