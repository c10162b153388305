import { Alert } from '../web/parts.tsx'

/** A secret, on the only page that ever contains it. */
export const Secret = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <Alert tone="warn">
    <p>
      <strong>{name}</strong>
    </p>
    <p>
      <code class="secret">{value}</code>
    </p>
    <p class="small">Copy it now: it is not stored and will not be shown again.</p>
  </Alert>
)
