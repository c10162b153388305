import type { CatalogueVersion } from '../../domain/catalogue/catalogue.ts'
import { Table } from '../web/table.tsx'
import { differencesBetween } from './version-words.ts'

type Props = {
  /** Undefined if the plan is not on sale in the currency of the draft. */
  readonly onSale: CatalogueVersion | undefined
  readonly draft: CatalogueVersion
  readonly nameOf: (code: string) => string
}

/** Each term that differs between a draft and the version on sale. */
export const DifferenceTable = ({ onSale, draft, nameOf }: Props) => (
  <Table
    rows={differencesBetween(onSale, draft, nameOf)}
    empty="Nothing differs from the version on sale."
    columns={[
      { name: 'Term', cell: ({ term }) => term },
      { name: 'On sale now', class: 'muted', cell: ({ before }) => before ?? '–' },
      { name: 'After publishing', cell: ({ after }) => after ?? 'Not included' },
    ]}
  />
)
