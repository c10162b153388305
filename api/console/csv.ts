/** Far more than a spreadsheet can work with comfortably; a larger export is split by its dates. */
export const ROWS_MAX = 250_000
/** Rows that are read and kept in memory at a time. */
const PAGE_ROWS = 1_000

/** A number is written as it is, an instant in ISO 8601, null as an empty cell. */
export type Cell = string | number | Date | null

/** A file that is read and written page by page. */
export type Csv<Row> = {
  readonly columns: readonly (readonly [name: string, cell: (row: Row) => Cell])[]
  /** Reads a page. `after` is the last row of the page before. */
  readonly read: (after: Row | undefined, limit: number) => Promise<readonly Row[]>
}

/**
 * A cell of a CSV file. Spreadsheets run a text that begins like a formula, and anybody can choose a user id or an e-mail
 * address: such a text gets an apostrophe in front.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvCell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  if (value instanceof Date) return value.toISOString()
  const safe = /^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(value) ? `'${value}` : value
  return `"${safe.replaceAll('"', '""')}"`
}

const line = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** The file's lines, each page as one text. If there are too many rows, the last line says so. */
export async function* csvLines<Row>({ columns, read }: Csv<Row>): AsyncGenerator<string> {
  yield line(columns.map(([name]) => name))
  let last: Row | undefined
  for (let count = 0; count < ROWS_MAX; count += PAGE_ROWS) {
    const rows = await read(last, PAGE_ROWS)
    if (rows.length > 0)
      yield rows.map((row) => line(columns.map(([, cell]) => cell(row)))).join('')
    last = rows.at(-1)
    if (rows.length < PAGE_ROWS) return
  }
  if ((await read(last, 1)).length > 0)
    yield line([`The export ends after ${ROWS_MAX} rows. Choose a shorter time.`])
}

/** Sends the lines as fast as the browser takes them. A failure cuts the download off, so that no part looks like a whole. */
export function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next()
      if (done === true) return controller.close()
      return controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
}
