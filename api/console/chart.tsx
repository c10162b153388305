import { FORMAT } from './layout.tsx'

type Props = {
  /** What the table is of, for those who do not see the chart. */
  readonly label: string
  readonly series: readonly { readonly name: string; readonly draw: 'area' | 'bars' }[]
  readonly days: readonly { readonly at: Date; readonly values: readonly number[] }[]
}

/** Amounts by day: a chart that a script draws from the table, which is there without it. */
export const Chart = ({ label, series, days }: Props) => (
  <figure class="chart">
    <div class="plot" aria-hidden="true" />
    <details>
      <summary>The same as a table</summary>
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
