import type {
  CataloguePlan,
  CatalogueVersion,
  FeatureDefinition,
  VersionState,
} from '../../domain/catalogue/catalogue.ts'
import { titleOf } from '../web/format.ts'
import { Badge, CallFields, Csrf, type Tone } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { Confirm } from './confirm.tsx'
import { Fold } from './field.tsx'
import { FORMAT } from './layout.tsx'
import { priceOf, termsInWords } from './version-words.ts'
import type { VersionAction } from './version-actions.ts'

const TONE_OF = { draft: 'info', published: 'plain', retired: 'plain' } as const satisfies Record<
  VersionState,
  Tone
>

type Props = {
  readonly plan: CataloguePlan
  readonly features: readonly FeatureDefinition[]
  readonly csrf: string
}

/** All versions of a plan with their actions. */
export const VersionTable = ({ plan, features, csrf }: Props) => {
  const nameOf = (code: string) => features.find((each) => each.code === code)?.name ?? code
  return (
    <Table
      rows={plan.versions}
      empty="No version yet. Create one below."
      columns={[
        {
          name: 'Version',
          cell: (version) => (
            <>
              {version.version}
              {version.customFor !== null && <span class="muted"> for {version.customFor}</span>}
            </>
          ),
        },
        {
          name: 'State',
          cell: ({ state, active }) =>
            active ? (
              <Badge tone="ok">On sale</Badge>
            ) : (
              <Badge tone={TONE_OF[state]}>{titleOf(state)}</Badge>
            ),
        },
        { name: 'Price', class: 'nowrap', cell: (version) => priceOf(version) },
        {
          name: 'Features',
          class: 'muted small',
          cell: (version) =>
            version.features
              .map(
                (terms) =>
                  `${nameOf(terms.code)}: ${termsInWords(terms, version.currency).toLowerCase()}`,
              )
              .join(' · '),
        },
        {
          name: 'Subscriptions',
          kind: 'number',
          cell: ({ subscribers }) => FORMAT.number(subscribers),
        },
        {
          name: 'Actions',
          kind: 'action',
          cell: (version) => <Actions version={version} csrf={csrf} />,
        },
      ]}
    />
  )
}

type ActionProps = { readonly version: CatalogueVersion; readonly csrf: string }

const Actions = (props: ActionProps) => {
  const { state, active, customFor, slug, version } = props.version
  if (state === 'retired' || customFor !== null) return <></>
  if (state === 'draft')
    return (
      <div class="row-actions">
        <form method="post" action={pathOf(props.version, 'publish')}>
          <Csrf token={props.csrf} />
          <button class="small-button primary">Review and publish</button>
        </form>
        <Act {...props} act="delete" title="Delete draft">
          The draft is deleted for good.
        </Act>
      </div>
    )
  return (
    <div class="row-actions">
      {!active && (
        <Act {...props} act="sell" title="Put on sale">
          New customers get this version instead of the one on sale.
        </Act>
      )}
      <a class="button small-button" href={`/console/catalogue/${slug}?from=${version}#new`}>
        New version like this
      </a>
      <Act {...props} act="retire" title="Retire">
        {active
          ? 'The plan is then not on sale any more. Customers keep this version. This cannot be undone.'
          : 'No customer can get this version again. This cannot be undone.'}
      </Act>
    </div>
  )
}

const pathOf = ({ slug, version }: CatalogueVersion, act: VersionAction) =>
  `/console/catalogue/${slug}/versions/${version}/${act}`

type ActProps = ActionProps & {
  readonly act: VersionAction
  readonly title: string
  readonly children: string
}

const Act = ({ version, csrf, act, title, children }: ActProps) => (
  <Fold title={title}>
    <form method="post" action={pathOf(version, act)} class="fields">
      <CallFields token={csrf} />
      <Confirm>{children}</Confirm>
      <div>
        <button class="small-button danger">
          {title}: version {version.version}
        </button>
      </div>
    </form>
  </Fold>
)
