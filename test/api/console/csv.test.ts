import { describe, expect, test } from 'vitest'
import { csvCell, csvLines, ROWS_MAX } from '../../../api/console/csv.ts'

describe('a CSV file', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '\r=1', '＝1', '=HYPERLINK("x")'])(
    'never holds the text %j as a formula',
    (text) => {
      expect(csvCell(text)).toMatch(/^"'/)
    },
  )

  test('keeps quotes, commas and lines inside their cell, and numbers as numbers', () => {
    expect(csvCell('a "b", c\nd')).toBe('"a ""b"", c\nd"')
    expect([csvCell(-5.5), csvCell(null), csvCell(new Date(0))]).toEqual([
      '-5.5',
      '',
      '1970-01-01T00:00:00.000Z',
    ])
  })

  test('has at most so many rows, says when it was cut off, and reads page by page', async () => {
    const sizeOf = async (total: number) => {
      let largest = 0
      const read = (after: number | undefined, limit: number) => {
        largest = Math.max(largest, limit)
        const start = (after ?? 0) + 1
        const length = Math.max(0, Math.min(limit, total - start + 1))
        return Promise.resolve(Array.from({ length }, (_, index) => start + index))
      }
      let [text, rows] = ['', 0]
      for await (const part of csvLines({ columns: [['n', (n: number) => n]], read })) {
        rows += part.split('\r\n').length - 1
        text = part
      }
      return { rows, largest, last: text.trimEnd() }
    }
    expect(await sizeOf(0)).toMatchObject({ rows: 1 })
    expect(await sizeOf(2_500)).toMatchObject({ rows: 2_501, largest: 1_000 })
    expect((await sizeOf(ROWS_MAX)).rows).toBe(ROWS_MAX + 1)
    expect((await sizeOf(ROWS_MAX + 1)).last).toContain('The export ends after')
  })
})
