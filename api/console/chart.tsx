import { FORMAT } from './layout.tsx'

type Props = {
  /** The name of the table, for screen readers. */
  readonly label: string
  readonly series: readonly { readonly name: string; readonly draw: 'area' | 'bars' }[]
  readonly days: readonly { readonly at: Date; readonly values: readonly number[] }[]
}

/** Amounts by day as a table, from which `charts.js` draws a chart. */
export const Chart = ({ label, series, days }: Props) => (
  <figure class="chart">
    <div class="plot" aria-hidden="true" />
    <details open>
      <summary>Show as a table</summary>
      <div class="table-of-chart" tabindex={0} role="region" aria-label={label}>
        <table>
          <thead>
            <tr>
              <th scope="col">Day</th>
              {series.map(({ name, draw }) => (
                <th scope="col" class="number" data-draw={draw}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map(({ at, values }) => (
              <tr>
                <th scope="row" data-value={at.toISOString()}>
                  {FORMAT.date(at)}
                </th>
                {values.map((value) => (
                  <td class="number" data-value={String(value)}>
                    {FORMAT.number(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  </figure>
)
