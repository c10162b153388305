import type { ApiKey } from '../../domain/operator/api-key.ts'
import { Badge, CallFields } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { Confirm } from './confirm.tsx'
import { Fold } from './field.tsx'
import { FORMAT } from './layout.tsx'
import { Overlap } from './overlap.tsx'

type Props = {
  readonly keys: readonly ApiKey[]
  readonly now: Date
  readonly own: string
  readonly csrf: string
}

/** All API keys, and the forms that rotate and revoke those that are valid. */
export const KeyTable = ({ keys, now, own, csrf }: Props) => (
  <Table
    rows={keys}
    empty="No API keys yet."
    columns={[
      {
        name: 'Name',
        class: 'user',
        cell: ({ id, name, prefix }) => (
          <>
            {name}
            {id === own && <span class="muted"> · yours</span>}
            <br />
            <span class="muted mono">{prefix}…</span>
          </>
        ),
      },
      { name: 'Scopes', cell: ({ scopes }) => scopes.join(', ') },
      { name: 'State', cell: (key) => <State apiKey={key} now={now} /> },
      {
        name: 'Last used',
        class: 'muted nowrap',
        cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'Never' : FORMAT.dateTime(lastUsedAt)),
      },
      {
        name: 'Created',
        class: 'muted nowrap',
        cell: ({ createdAt }) => FORMAT.date(createdAt),
      },
      {
        name: 'Actions',
        kind: 'action',
        cell: (key) => isValid(key, now) && <KeyActions apiKey={key} csrf={csrf} />,
      },
    ]}
  />
)

const isValid = ({ revokedAt, expiresAt }: ApiKey, now: Date) =>
  revokedAt === null && (expiresAt === null || now < expiresAt)

const State = ({ apiKey, now }: { readonly apiKey: ApiKey; readonly now: Date }) => {
  const { revokedAt, expiresAt } = apiKey
  if (revokedAt !== null) return <Badge tone="plain">Revoked</Badge>
  if (expiresAt === null) return <Badge tone="ok">Valid</Badge>
  return isValid(apiKey, now) ? (
    <Badge tone="info">Until {FORMAT.dateTime(expiresAt)}</Badge>
  ) : (
    <Badge tone="plain">Expired</Badge>
  )
}

const KeyActions = ({ apiKey, csrf }: { readonly apiKey: ApiKey; readonly csrf: string }) => {
  const path = `/console/api-keys/${apiKey.id}`
  return (
    <div class="row-actions">
      <Fold title="Rotate">
        <form method="post" action={`${path}/rotate`} class="fields">
          <CallFields token={csrf} />
          <Overlap id={`overlap-${apiKey.id}`} label="The old key stays valid" />
          <div>
            <button class="small-button">Rotate {apiKey.name}</button>
          </div>
        </form>
      </Fold>
      <Fold title="Revoke">
        <form method="post" action={`${path}/revoke`} class="fields">
          <CallFields token={csrf} />
          <Confirm>Requests with this key fail within seconds. This cannot be undone.</Confirm>
          <div>
            <button class="small-button danger">Revoke {apiKey.name}</button>
          </div>
        </form>
      </Fold>
    </div>
  )
}
