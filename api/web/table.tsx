import type { Child } from 'hono/jsx'

type Column<Row> = {
  readonly name: string
  readonly cell: (row: Row, index: number) => Child
  /** The class of its cells, in addition to the one of `kind`. */
  readonly class?: string | ((row: Row) => string)
  /** Numbers are right-aligned. The heading of an action column is only for screen readers. */
  readonly kind?: 'number' | 'action'
}

type Props<Row> = {
  readonly rows: readonly Row[]
  /** The first column is the row's heading. */
  readonly columns: readonly [Column<Row>, ...Column<Row>[]]
  /** Shown instead of a table without rows. */
  readonly empty: Child
  readonly isCompact?: boolean
}

/** A table that becomes a list on a phone, where each cell shows the name of its column. */
export const Table = <Row,>({ rows, columns, empty, isCompact = false }: Props<Row>) => {
  const [first, ...others] = columns
  if (rows.length === 0) return <p class="empty">{empty}</p>
  return (
    <table class={isCompact ? 'rows compact' : 'rows'}>
      <thead>
        <tr>
          {columns.map(({ name, kind }) => (
            <th scope="col" {...(kind === 'number' && { class: 'number' })}>
              {kind === 'action' ? <span class="hidden">{name}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr>
            <th scope="row" {...classOf(first, row)}>
              {first.cell(row, index)}
            </th>
            {others.map((column) => (
              <td
                {...(column.kind !== 'action' && { 'data-label': column.name })}
                {...classOf(column, row)}
              >
                {column.cell(row, index)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function classOf<Row>({ kind, class: given = '' }: Column<Row>, row: Row): { class?: string } {
  const own = typeof given === 'string' ? given : given(row)
  const all = [kind === 'number' ? 'number' : '', own].filter((each) => each !== '').join(' ')
  return all === '' ? {} : { class: all }
}
